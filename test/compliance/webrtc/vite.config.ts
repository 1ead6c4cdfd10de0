import { defineConfig } from 'vite';
import { BROWSERS } from '../../../client/vite.config.ts';

export default defineConfig({
  root: import.meta.dirname,
  build: { target: BROWSERS, modulePreload: { polyfill: false } },
});
