/** Finds files that nobody uses, exports that nobody imports, dependencies that nobody needs. */

/** @type {import('knip').KnipConfig} */
export default {
  entry: [
    'client/main.ts',
    // index.html names it by its address on the server.
    'client/public/theme.js',
    'signaling/main.ts',
    'test/bench/*.bench.ts',
    // Started in a process of its own by the section that measures it.
    'test/bench/**/*-process.ts',
    // Started by test/support/steps.js or read by a tool that it starts.
    'test/tools/*.js',
    'test/support/tally-reporter.js',
    // Pages and a script of a developer's, built by Vite and started by hand.
    'test/browser/gallery/{main,shoot}.ts',
    'test/bench/baselines/bare-page/main.ts',
  ],
  project: ['{src,signaling,client,test}/**/*.{ts,js,svelte,css}'],
  vite: { config: ['client/vite.config.ts', 'test/**/vite.config.ts'] },
  vitest: { config: ['test/vitest.config.ts'] },
  // knip reads no stylesheets by itself: what they fetch is an import like any other.
  compilers: {
    css: (text) =>
      [...text.matchAll(/url\('([^':]+)'\)/g)].map(([, path]) => `import '${path}';`).join('\n'),
  },
  // Started by its path in test/support/steps.js; knip knows only commands that are written out.
  ignoreDependencies: ['svelte-check'],
  // Of the system: makes network namespaces where the machine has them.
  ignoreBinaries: ['ip'],
  // What is used where it stands is not dead. An export of it is a name for readers and tests.
  ignoreExportsUsedInFile: true,
  // Two limits may have one value and still be two limits.
  exclude: ['duplicates'],
};
