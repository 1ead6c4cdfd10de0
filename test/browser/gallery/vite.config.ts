import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { BROWSERS } from '../../../client/vite.config.ts';

/** What the server sends with every page; a page that breaks it logs an error, and the gallery fails. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: '../../../client/public',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  build: {
    target: BROWSERS,
    cssTarget: BROWSERS,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
  },
  preview: { headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
});
