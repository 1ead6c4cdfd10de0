import type { Milliseconds } from '../../src/vocabulary.ts';
import { randomUnit } from './random.ts';

/** How long a link waits, and for what. All of it grows with each attempt that came to nothing. */

/**
 * How long an attempt may go without a sign of progress. A whole attempt takes well under a second on
 * a LAN. It doubles with each failure: where two dozen tabs start on one old laptop, attempts fail
 * because the machine is slow, and giving up sooner would only add to its work.
 */
export const STEP_TIMEOUT_MS: Milliseconds = 10_000;
const LONGEST_STEP_TIMEOUT_MS: Milliseconds = 40_000;

/** The caller calls by itself; this much later, something was lost. */
export const KNOCK_AFTER_MS: Milliseconds = 1_500;

const FIRST_REST_MS: Milliseconds = 300;
const LONGEST_REST_MS: Milliseconds = 8_000;

/** Of a step of an attempt. */
export function stepTimeoutMs(failures: number): Milliseconds {
  return Math.min(LONGEST_STEP_TIMEOUT_MS, STEP_TIMEOUT_MS * 2 ** failures);
}

/** Between two attempts; with chance in it, so that a class does not call all at once. */
export function restMs(failures: number): Milliseconds {
  const ceiling = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures, 10));
  return ceiling * (0.5 + randomUnit() / 2);
}
