/** Finds files that nobody uses, exports that nobody imports, dependencies that nobody needs. */

/** @type {import('knip').KnipConfig} */
export default {
  entry: [
    'signaling/main.ts',
    'test/bench/*.bench.ts',
    // Each started in a process of its own by a section of the bench.
    'test/bench/{processes/{our-{server,flood,frames,merge,telemetry},load},baselines/*-process}.ts',
    // Started by test/support/steps.js or read by a tool that it starts.
    'test/tools/*.js',
    'test/support/tally-reporter.js',
    // Started by hand, to look at pictures of every page.
    'test/browser/gallery/shoot.ts',
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
