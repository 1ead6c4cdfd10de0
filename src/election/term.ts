import * as v from 'valibot';

/** A crown a second for eleven days; what is above it was made up. */
export const MAX_TERM = 1_000_000;

/** How often somebody has crowned itself. */
export const termSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_TERM));

export function termAfter(term: number): number {
  return Math.min(term + 1, MAX_TERM);
}
