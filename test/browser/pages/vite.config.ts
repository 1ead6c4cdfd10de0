import { join } from 'node:path';
import { defineConfig } from 'vite';
import { BROWSERS } from '../../../client/vite.config.ts';

const PAGES = ['disk-shelf.html', 'same-trace.html', 'store-then-send.html'];

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: BROWSERS,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: PAGES.map((page) => join(import.meta.dirname, page)) },
  },
});
