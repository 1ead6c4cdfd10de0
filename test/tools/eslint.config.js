import { join } from 'node:path';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';
import { svelteDirections } from './svelte-directions.js';

/**
 * What the compiler does not see and a reader would. Formatting is Prettier's, unused code is
 * knip's, import directions are dependency-cruiser's.
 */

/** Names that would make the core depend on this machine, now, and by which part of `Host` it asks instead. */
const IMPURE = [
  ['Date', 'host.wallClock()'],
  ['performance', 'host.monotonic()'],
  ['setTimeout', 'host.after()'],
  ['setInterval', 'host.after()'],
  ['setImmediate', 'host.after()'],
  ['queueMicrotask', 'host.after()'],
  ['crypto', 'bytes that are passed in'],
  ['fetch', 'host.send()'],
  ['process', 'an option'],
].map(([name, instead]) => ({ name, message: `src/ is pure: use ${instead}.` }));

/** What IEEE 754 leaves to the engine: with them a seed gives one run here and another in a browser. */
const INEXACT = ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh']
  .concat(['exp', 'expm1', 'hypot', 'log', 'log10', 'log1p', 'log2', 'pow', 'sin', 'sinh', 'tan'])
  .concat(['tanh'])
  .map((property) => ({
    object: 'Math',
    property,
    message: 'engines differ in its last bit: see src/network/elementary.ts.',
  }));

export default defineConfig(
  { ignores: ['node_modules/', 'client/dist/', 'client/dist.*/', 'data/'] },
  {
    files: ['**/*.{ts,js,svelte}'],
    extends: [ts.configs.base, svelte.configs['flat/recommended']],
    languageOptions: {
      parserOptions: {
        projectService: {
          // They are in no folder's own project: one needs Node's types, one is plain JavaScript.
          allowDefaultProject: ['client/vite.config.ts', 'client/public/theme.js'],
          defaultProject: 'test/tsconfig.json',
        },
        tsconfigRootDir: join(import.meta.dirname, '..', '..'),
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-debugger': 'error',
      'no-else-return': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-useless-return': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      // Half of a sum from before an await, the other from after.
      'require-atomic-updates': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        {
          'ts-expect-error': { descriptionFormat: '^: reason: ' },
          'ts-ignore': true,
          'ts-nocheck': true,
        },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: ['**/*.{svelte,svelte.ts}'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    plugins: { directions: { rules: { svelte: svelteDirections } } },
    // A runes class keeps plain collections inside and publishes whole snapshots of them.
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    files: ['**/*.svelte'],
    rules: { 'directions/svelte': 'error', 'svelte/no-at-html-tags': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'src/ is pure: use host.random().' },
        ...INEXACT,
        ...IMPURE.map(({ name, message }) => ({ object: 'globalThis', property: name, message })),
      ],
    },
  },
  {
    // They talk to whoever started them.
    files: ['signaling/launch/*.js', 'signaling/main.ts', 'test/**/*.{ts,js}'],
    rules: { 'no-console': 'off' },
  },
);
