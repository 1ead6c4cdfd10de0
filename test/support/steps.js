import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale } from '../../signaling/launch/build.js';
import { LaunchError } from '../../signaling/launch/install.js';
import { MUTANT } from './run-arguments.js';
import { NOTHING, PASSED, TALLY_FILE, failure, judge, single } from './tally.js';
import { runNode, toolPath } from './tool.js';

/**
 * Everything that `npm test` does, in order.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<Outcome>} run
 *
 * @typedef {object} Outcome
 * @property {import('./tally.js').Tally} tally
 * @property {string} output shown under the step's line
 */

/** Where each tool finds its rules. */
const TOOLS = 'test/tools';

/**
 * @param {string} root
 * @returns {{ independent: Step[], afterBuild: Step[] }}
 */
export function checkSteps(root) {
  /**
   * @param {string} name
   * @param {string} tool
   * @param {string[]} args
   * @returns {Step}
   */
  const check = (name, tool, args) => step(name, root, [toolPath(tool, root), ...args]);
  return {
    // The slow ones first, so that the short ones fill the gaps.
    independent: [
      check('lint', 'eslint', ESLINT),
      check('types of the client', 'svelte-check', SVELTE_CHECK),
      ...['src', 'signaling', 'test'].map((folder) =>
        check(`types of ${folder}`, 'typescript', ['-p', folder]),
      ),
      step('import directions', root, [`${TOOLS}/import-directions.js`]),
      check('unused code', 'knip', ['--config', `${TOOLS}/knip.js`, '--no-progress']),
      check('formatting', 'prettier', ['--check', '--log-level=warn', '.']),
    ],
    afterBuild: [
      { name: 'client build', run: async () => build(root) },
      step('first load', root, [`${TOOLS}/first-load.js`]),
    ],
  };
}

const ESLINT = [
  ...['--config', `${TOOLS}/eslint.config.js`],
  ...['--max-warnings', '0', '--report-unused-disable-directives-severity', 'error', '.'],
];

const SVELTE_CHECK = [
  '--tsconfig',
  'client/tsconfig.json',
  '--fail-on-warnings',
  '--output',
  'human',
];

/**
 * @param {string} name
 * @param {string} root
 * @param {string[]} args
 * @returns {Step}
 */
function step(name, root, args) {
  return {
    name,
    run: async () => {
      const { succeeded, output } = await runNode(args, { cwd: root });
      // The import directions and the first load have something to say when all is well, too.
      const worthSaying = !succeeded || args[0]?.startsWith(TOOLS);
      return { tally: single(name, succeeded), output: worthSaying ? output : '' };
    },
  };
}

/**
 * @param {string} root
 * @returns {Outcome}
 */
function build(root) {
  try {
    const built = buildIfStale(root);
    return { tally: PASSED, output: built ? '' : 'nothing has changed since it was built' };
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    return { tally: failure(`client build: ${error.message}`), output: error.message };
  }
}

/**
 * @param {string} root
 * @param {ReadonlySet<import('./run-arguments.js').Kind>} wants
 * @param {import('./run-arguments.js').Asked} asked
 * @returns {Step[]}
 */
export function suiteSteps(root, wants, asked) {
  /** @type {[kind: import('./run-arguments.js').Kind, name: string, projects: string[]][]} */
  const suites = [
    ['unit', 'unit tests', ['unit', 'client', 'mutants']],
    ['simulation', 'simulations', ['simulation']],
    ['browser', 'browser tests', ['browser']],
  ];
  const wanted = suites.filter(([kind]) => wants.has(kind) && hasFolder(root, kind));
  // A path may lie in any of them, so then they are one step, and one of them may well be empty.
  if (asked.paths.length > 0)
    return [
      suite(
        'tests',
        root,
        wanted.flatMap(([, , projects]) => projects),
        asked,
      ),
    ];
  return wanted.map(([, name, projects]) => suite(name, root, projects, asked));
}

/**
 * @param {string} root
 * @param {import('./run-arguments.js').Kind} kind
 */
function hasFolder(root, kind) {
  return kind !== 'simulation' || existsSync(join(root, 'test', 'simulation'));
}

/**
 * @param {string} name
 * @param {string} root
 * @param {string[]} projects
 * @param {import('./run-arguments.js').Asked} asked
 * @returns {Step}
 */
function suite(name, root, projects, { paths, mutant }) {
  return {
    name,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'netsplit-tally-'));
      const file = join(folder, 'tally.json');
      const { succeeded } = await runNode(
        [
          ...[toolPath('vitest', root), 'run', '--config', 'test/vitest.config.ts'],
          ...projects.flatMap((project) => ['--project', project]),
          ...['--reporter', 'default', '--reporter', 'test/support/tally-reporter.js'],
          ...paths,
        ],
        {
          cwd: root,
          show: true,
          env: { ...process.env, ...(mutant && { [MUTANT]: mutant }), [TALLY_FILE]: file },
        },
      );
      const counted = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : NOTHING;
      rmSync(folder, { recursive: true });
      const { tally, complaint } = judge(name, counted, succeeded);
      return { tally, output: complaint ?? '' };
    },
  };
}
