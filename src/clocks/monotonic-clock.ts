import type { Milliseconds } from '../vocabulary.ts';
import { PARTS_PER_MILLION } from './drift-bound.ts';
import { Gain } from './gain.ts';

/**
 * A node's own clock, made from true elapsed time: it may run fast or slow, and its rate may change
 * at any moment, but it never goes back and never leaps. The rules are CLOCK-7 and CLOCK-8.
 */
export class MonotonicClock {
  private readonly trueTime: () => Milliseconds;
  private readonly start: Milliseconds;
  private readonly gain: Gain;
  private latest: Milliseconds = 0;

  /** @param trueTime time that has passed since any moment; at this one the clock shows 0 */
  constructor(trueTime: () => Milliseconds) {
    this.trueTime = trueTime;
    this.start = trueTime();
    this.gain = new Gain(this.start);
  }

  readonly now = (): Milliseconds => {
    // Machines that slept have been seen to take even their steady clock back.
    this.latest = Math.max(this.latest, this.at(this.trueTime()));
    return this.latest;
  };

  get ratePpm(): number {
    return this.gain.ppm;
  }

  /** From now on; what was shown stays shown. */
  setRatePpm(ppm: number): void {
    this.gain.setPpm(this.trueTime(), ppm);
  }

  /**
   * The true time at which this clock will show `reading`, if its rate stays as it is: never a
   * moment too early, so that who sleeps until then finds that it is time.
   */
  trueTimeOf(reading: Milliseconds): Milliseconds {
    const now = this.trueTime();
    const rate = 1 + this.gain.ppm * PARTS_PER_MILLION;
    let moment = now + Math.max(0, reading - this.at(now)) / rate;
    for (let step = Number.EPSILON * Math.max(1, moment); this.at(moment) < reading; step *= 2) {
      moment += step;
    }
    return moment;
  }

  private at(trueTime: Milliseconds): Milliseconds {
    return trueTime - this.start + this.gain.at(trueTime);
  }
}
