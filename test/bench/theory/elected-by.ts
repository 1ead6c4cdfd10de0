import type { Milliseconds } from '../../../src/vocabulary.ts';

/** Three decades of time on a line of text, each as wide as the next. */
const FROM_MS: Milliseconds = 10;
const DECADES = 3;
const COLUMNS_A_DECADE = 20;

/** None, an eighth, … all. */
const LEVELS = ' ▁▂▃▄▅▆▇█';

/** Which share of the trials was over by each moment, as one line: the steeper it climbs, the surer. */
export function electedBy(downtimes: readonly Milliseconds[]): string {
  const columns = Array.from({ length: DECADES * COLUMNS_A_DECADE }, (_, column) => {
    const end = FROM_MS * 10 ** ((column + 1) / COLUMNS_A_DECADE);
    const share = downtimes.filter((ms) => ms <= end).length / downtimes.length;
    // Only all is all, and one is not none.
    const level = share === 1 ? LEVELS.length - 1 : Math.ceil(share * (LEVELS.length - 2));
    return LEVELS[level];
  });
  return columns.join('').trimEnd();
}

/** What stands under such lines. */
export function timeAxis(): string {
  const ticks = Array.from({ length: DECADES + 1 }, (_, decade) => FROM_MS * 10 ** decade);
  return ticks
    .map((ms) => `|${ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`}`.padEnd(COLUMNS_A_DECADE))
    .join('')
    .trimEnd();
}
