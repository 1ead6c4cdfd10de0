import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { MUTANT } from './support/run-arguments.js';

const BROWSER_TESTS = 'test/browser/**/*.test.ts';
const SIMULATIONS = 'test/simulation/**/*.test.ts';
/** Of the pages: compiled as for a browser, so that runes react. */
const CLIENT_TESTS = 'test/client/**/*.test.ts';

/** They change modules under the tests of others. */
const MUTANTS = 'test/mutants/**/*.test.ts';

const SWITCH_IN_MUTANT = fileURLToPath(new URL('mutants/setup.ts', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    // A forgotten `.only` would pass over all the rest.
    allowOnly: false,
    // For what hangs, not for what is slow: a busy machine fails nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Unless told it leaves one core to whoever watches, which of two is half.
    maxWorkers: availableParallelism(),
    setupFiles: process.env[MUTANT] === undefined ? [] : [SWITCH_IN_MUTANT],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [BROWSER_TESTS, SIMULATIONS, CLIENT_TESTS, MUTANTS],
          // What they import is pure and is read once, not once a file: half of the time. A mutant is
          // put in its place for each file anew.
          isolate: process.env[MUTANT] !== undefined,
        },
      },
      {
        extends: true,
        test: { name: 'mutants', include: [MUTANTS] },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: { name: 'client', include: [CLIENT_TESTS] },
      },
      {
        extends: true,
        test: { name: 'simulation', include: [SIMULATIONS], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER_TESTS],
          globalSetup: fileURLToPath(new URL('support/built-client.ts', import.meta.url)),
          // Dozens of tabs share the machine; two files at once would measure each other.
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
});
