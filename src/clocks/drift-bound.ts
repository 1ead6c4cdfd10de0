import type { Milliseconds } from '../vocabulary.ts';

export const PARTS_PER_MILLION = 1e-6;

/**
 * What is assumed of every clock's rate. A quartz of a laptop is sold as good to 20 or 50 ppm, and
 * heat and age come on top. 100 ppm are 8.6 s a day.
 */
export const ASSUMED_DRIFT_PPM = 100;

/**
 * How far a clock may have moved from true time while it showed `elapsed`, if its rate stayed within
 * `ppm`. A slow clock shows less than has passed, so the true span is up to `elapsed / (1 - rate)`.
 * Two such clocks may have moved apart by twice as much.
 */
export function driftBound(elapsed: Milliseconds, ppm: number): Milliseconds {
  const rate = ppm * PARTS_PER_MILLION;
  return (elapsed * rate) / (1 - rate);
}
