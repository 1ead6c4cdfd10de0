import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, format } from 'dependency-cruiser';
import { DIRECTIONS } from './directions.js';

/**
 * Checks the import directions, cycles and leftovers with dependency-cruiser, in the tree that it is
 * started in. A file that dependency-cruiser did not read fails the check: a rule that was never
 * applied has not been kept.
 */

const FOLDERS = ['src', 'signaling', 'client', 'test'];

/** Source that can import. Declarations are types of packages that bring none. */
const SOURCE = /(?<!\.d)\.(ts|js|svelte)$/;

/** The built pages. */
const RESULT = /^client\/dist[./]/;

/** Started or discovered by a command, so nobody imports them. */
const STARTED =
  '^(client/(main|vite\\.config)\\.ts|client/.*worker\\.ts|client/public/|signaling/(main\\.ts|launch/)|test/)|\\.d\\.ts$';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  ...DIRECTIONS.map(({ name, comment, from, fromNot, to, toNot }) => ({
    name,
    comment,
    severity: /** @type {const} */ ('error'),
    from: { path: from, ...(fromNot === undefined ? {} : { pathNot: fromNot }) },
    to: { path: to, ...(toNot === undefined ? {} : { pathNot: toNot }) },
  })),
  {
    name: 'no-cycles',
    comment: 'whoever reads one of them must read them all',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-leftovers',
    comment: 'nobody imports it, and it imports nobody: is it forgotten?',
    severity: 'error',
    from: { orphan: true, pathNot: STARTED },
    to: {},
  },
  {
    name: 'resolvable',
    comment: 'an import that leads nowhere was not checked',
    severity: 'error',
    from: {},
    // Of some files the build gives the address alone.
    to: { couldNotResolve: true, pathNot: '\\?url$' },
  },
  {
    name: 'no-tools-in-product',
    comment: 'what people run must not need what only developers have',
    severity: 'error',
    from: { path: '^(src|signaling|client)/' },
    to: { dependencyTypes: ['npm-dev'] },
  },
];

const root = process.cwd();
const present = FOLDERS.filter((folder) => readdirSync(root).includes(folder));

const { output: found } = await cruise(present, {
  ruleSet: { forbidden },
  validate: true,
  // Types cross a border as well as values do.
  tsPreCompilationDeps: true,
  exclude: { path: RESULT.source },
  doNotFollow: { path: 'node_modules' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['types', 'svelte', 'import', 'node', 'default'],
  },
});
if (typeof found === 'string')
  throw new Error('dependency-cruiser gave a text where it should not');

const { output, exitCode } = await format(found, { outputType: 'err' });
const read = new Set(found.modules.map((module) => module.source));
const unread = present.flatMap(sourcesIn).filter((file) => !read.has(file));

if (exitCode !== 0) console.log(output);
for (const file of unread) console.log(`not read: ${file}`);
console.log(
  `${read.size - unread.length} files, ${found.summary.totalDependenciesCruised} imports`,
);
process.exitCode = exitCode === 0 && unread.length === 0 ? 0 : 1;

/** @param {string} folder */
function sourcesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !RESULT.test(file));
}
