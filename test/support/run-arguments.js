/** What a developer may ask `npm test` for. */

/** @typedef {'static' | 'unit' | 'simulation' | 'browser'} Kind */

/** @type {readonly Kind[]} */
const KINDS = ['static', 'unit', 'simulation', 'browser'];

/**
 * @typedef {object} Asked
 * @property {Kind | undefined} only
 * @property {string[]} paths of tests, or parts of their paths
 */

/**
 * @param {string[]} args
 * @returns {Asked}
 */
export function readArguments(args) {
  /** @type {Asked} */
  const asked = { only: undefined, paths: [] };
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === '--only') asked.only = readKind(waiting.shift());
    else if (arg.startsWith('-')) throw new Error(`npm test knows no option ${arg}. ${USAGE}`);
    else asked.paths.push(arg);
  }
  return asked;
}

const USAGE = `Options: --only ${KINDS.join('|')}, or paths of tests.`;

/** @param {string | undefined} text */
function readKind(text) {
  const kind = KINDS.find((known) => known === text);
  if (kind === undefined) throw new Error(`--only needs one of ${KINDS.join(', ')}.`);
  return kind;
}

/**
 * Which kinds of steps run. Paths name tests, so they leave the static checks out.
 *
 * @param {Asked} asked
 * @returns {ReadonlySet<Kind>}
 */
export function kinds({ only, paths }) {
  if (only !== undefined) return new Set([only]);
  return new Set(paths.length === 0 ? KINDS : KINDS.filter((kind) => kind !== 'static'));
}
