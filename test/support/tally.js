/**
 * Counting: what each step of `npm test` adds, and the last lines that say it all.
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {readonly string[]} failures one line each: what failed, and how
 * @property {readonly string[]} skipped one line each: which test, and why it could not run here
 */

/** The environment variable that tells the reporter inside of Vitest where to write its tally. */
export const TALLY_FILE = 'NETSPLIT_TALLY_FILE';

/** @type {Tally} */
export const NOTHING = { passed: 0, failures: [], skipped: [] };

/**
 * @param {Tally} a
 * @param {Tally} b
 * @returns {Tally}
 */
export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failures: [...a.failures, ...b.failures],
    skipped: [...a.skipped, ...b.skipped],
  };
}

/** @type {Tally} what one test adds that did as it should */
export const PASSED = { ...NOTHING, passed: 1 };

/**
 * @param {string} what
 * @returns {Tally}
 */
export function failure(what) {
  return { ...NOTHING, failures: [what] };
}

/**
 * A check that is right or wrong as a whole counts as one test.
 *
 * @param {string} name
 * @param {boolean} right
 * @returns {Tally}
 */
export function single(name, right) {
  return right ? PASSED : failure(name);
}

/**
 * What a step of many tests adds to the count. A step proves nothing if no test ran in it, or if
 * its tool failed though no test did; both count as a failure.
 *
 * @param {string} name
 * @param {Tally} counted by the tool's own reporter
 * @param {boolean} toolSucceeded
 * @returns {{ tally: Tally, complaint: string | undefined }}
 */
export function judge(name, counted, toolSucceeded) {
  /** @param {string} complaint */
  const failing = (complaint) => ({
    tally: add(counted, failure(`${name}: ${complaint}`)),
    complaint,
  });
  if (counted.passed + counted.failures.length === 0) return failing('not one test ran');
  if (!toolSucceeded && counted.failures.length === 0)
    return failing('the tool failed outside of any test');
  return { tally: counted, complaint: undefined };
}

/**
 * What whoever reads only the end has to know: what could not run, what failed, and how many.
 *
 * @param {Tally} tally
 */
export function lastLines(tally) {
  return [
    ...tally.skipped.map((skip) => `skipped: ${skip}`),
    ...tally.failures.map((failed) => `failed: ${failed}`),
    summaryLine(tally),
  ].join('\n');
}

/** @param {Tally} tally */
export function summaryLine({ passed, failures, skipped }) {
  const counts = `${passed} passed, ${failures.length} failed`;
  return skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`;
}
