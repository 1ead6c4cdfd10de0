/** What a developer may ask `npm test` for. */

/** The environment variable that names the mutant to the processes that run tests. */
export const MUTANT = 'NETSPLIT_MUTANT';

/** @typedef {'static' | 'unit' | 'simulation' | 'browser'} Kind */

/** @type {readonly Kind[]} */
const KINDS = ['static', 'unit', 'simulation', 'browser'];

/**
 * @typedef {object} Asked
 * @property {Kind | undefined} only
 * @property {string | undefined} mutant the deliberate bug to run with, by its name in `test/mutants/`
 * @property {string[]} paths of tests, or parts of their paths
 */

/**
 * @param {string[]} args
 * @returns {Asked}
 */
export function readArguments(args) {
  /** @type {Asked} */
  const asked = { only: undefined, mutant: undefined, paths: [] };
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === '--only') asked.only = readKind(waiting.shift());
    else if (arg === '--mutant') asked.mutant = readName(waiting.shift());
    else if (arg.startsWith('-')) throw new Error(`npm test knows no option ${arg}. ${USAGE}`);
    else asked.paths.push(arg);
  }
  return asked;
}

const USAGE = `Options: --only ${KINDS.join('|')}, --mutant NAME, or paths of tests.`;

/** @param {string | undefined} text */
function readKind(text) {
  const kind = KINDS.find((known) => known === text);
  if (kind === undefined) throw new Error(`--only needs one of ${KINDS.join(', ')}.`);
  return kind;
}

/** @param {string | undefined} text */
function readName(text) {
  if (text === undefined || text.startsWith('-'))
    throw new Error('--mutant needs a name out of test/mutants/README.md.');
  return text;
}

/**
 * Which kinds of steps run. Paths name tests, and a mutant is for tests alone, so they leave the
 * static checks out.
 *
 * @param {Asked} asked
 * @returns {ReadonlySet<Kind>}
 */
export function kinds({ only, mutant, paths }) {
  if (only !== undefined) return new Set([only]);
  const all = paths.length === 0 && mutant === undefined;
  return new Set(all ? KINDS : KINDS.filter((kind) => kind !== 'static'));
}
