/**
 * Counting: what each step of `npm test` adds, and the last line that says it all.
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} skipped one line each: which test, and why it could not run here
 */

/** The environment variable that tells the reporter inside of Vitest where to write its tally. */
export const TALLY_FILE = 'NETSPLIT_TALLY_FILE';

/** @type {Tally} */
export const NOTHING = { passed: 0, failed: 0, skipped: [] };

/**
 * @param {Tally} a
 * @param {Tally} b
 * @returns {Tally}
 */
export function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
  };
}

/**
 * A check that is right or wrong as a whole counts as one test.
 *
 * @param {boolean} right
 * @returns {Tally}
 */
export function single(right) {
  return right ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

/**
 * What a step of many tests adds to the count. A step proves nothing if no test ran in it, or if
 * its tool failed though no test did; both count as a failure.
 *
 * @param {Tally} counted by the tool's own reporter
 * @param {boolean} toolSucceeded
 * @returns {{ tally: Tally, complaint: string | undefined }}
 */
export function judge(counted, toolSucceeded) {
  /** @param {string} complaint */
  const failing = (complaint) => ({ tally: add(counted, single(false)), complaint });
  if (counted.passed + counted.failed === 0) return failing('not one test ran');
  if (!toolSucceeded && counted.failed === 0) return failing('the tool failed outside of any test');
  return { tally: counted, complaint: undefined };
}

/** @param {Tally} tally */
export function summaryLine({ passed, failed, skipped }) {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`;
}
