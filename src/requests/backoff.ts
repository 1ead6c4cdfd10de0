import type { Milliseconds } from '../vocabulary.ts';

/** A few round trips over a school's Wi-Fi: a message that was merely lost is soon sent again. */
export const BASE_MS: Milliseconds = 100;

/** Beyond it, waiting longer helps nobody, and a person has given up. */
export const CAP_MS: Milliseconds = 2_000;

/**
 * How long to wait before the nth retry: anything up to a limit that doubles each time ('full
 * jitter'). What failed for many at once must not come back for many at once.
 *
 * @param retry 1 for the first
 * @param chance uniform in [0, 1)
 */
export function backoffMs(retry: number, chance: number): Milliseconds {
  return chance * Math.min(CAP_MS, BASE_MS * 2 ** retry);
}
