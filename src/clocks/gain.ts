import type { Milliseconds } from '../vocabulary.ts';
import { PARTS_PER_MILLION } from './drift-bound.ts';

/** Half and half again of the true rate: 5,000 times worse than a bad quartz, and still forward. */
export const MAX_RATE_PPM = 500_000;

/**
 * The time that a clock has gained on true time because its rate was wrong, over all rates that it
 * ever had. Each rate is a straight line from the moment when it was set, and a reading is one
 * product, so reading often adds up no rounding errors.
 */
export class Gain {
  private settled: Milliseconds = 0;
  private since: Milliseconds;
  private rate = 0;

  constructor(since: Milliseconds) {
    this.since = since;
  }

  get ppm(): number {
    return this.rate;
  }

  at(trueTime: Milliseconds): Milliseconds {
    return this.settled + (trueTime - this.since) * this.rate * PARTS_PER_MILLION;
  }

  /** From `trueTime` on the clock gains `ppm`; what it gained until then stays. */
  setPpm(trueTime: Milliseconds, ppm: number): void {
    if (!(Math.abs(ppm) <= MAX_RATE_PPM)) {
      throw new RangeError(`a clock cannot gain ${ppm} ppm: ${MAX_RATE_PPM} is the limit`);
    }
    this.settled = this.at(trueTime);
    this.since = trueTime;
    this.rate = ppm;
  }
}
