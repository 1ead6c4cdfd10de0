import { join } from 'node:path';
import { defineConfig } from 'vite';
import { BROWSERS } from '../../../client/vite.config.ts';

/** Apps as they might come from elsewhere, each with all that it needs. */
const APPS = ['yjs-app', 'repo-app'];

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: BROWSERS,
    modulePreload: { polyfill: false },
    // One brings Automerge.
    chunkSizeWarningLimit: 6_000,
    rolldownOptions: {
      input: Object.fromEntries(APPS.map((app) => [app, join(import.meta.dirname, `${app}.ts`)])),
      output: { entryFileNames: '[name].js' },
    },
  },
});
