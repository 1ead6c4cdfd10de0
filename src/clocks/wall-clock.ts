import type { Milliseconds } from '../vocabulary.ts';
import { Gain } from './gain.ts';

/**
 * Time of day as a node believes it: true time, wrong by an offset, by a drift, and by jumps in
 * either direction. The three add up, and in whichever order they are set. Promises only what a real
 * wall clock does: nothing. The rule is CLOCK-9.
 */
export class WallClock {
  private readonly trueTime: () => Milliseconds;
  private readonly gain: Gain;
  private offset: Milliseconds = 0;
  private jumped: Milliseconds = 0;

  /** @param trueTime since 1970 */
  constructor(trueTime: () => Milliseconds) {
    this.trueTime = trueTime;
    this.gain = new Gain(trueTime());
  }

  readonly now = (): Milliseconds => {
    const trueTime = this.trueTime();
    return trueTime + this.errorAt(trueTime);
  };

  /** How far it is ahead of true time: what no node can know, and whoever set it may show. */
  get error(): Milliseconds {
    return this.errorAt(this.trueTime());
  }

  get driftPpm(): number {
    return this.gain.ppm;
  }

  /** In place of the offset set before; drift and jumps stay. */
  setOffset(offset: Milliseconds): void {
    this.offset = offset;
  }

  /** From now on; what has drifted stays. */
  setDriftPpm(ppm: number): void {
    this.gain.setPpm(this.trueTime(), ppm);
  }

  /** Forward, or back where `by` is negative. */
  jump(by: Milliseconds): void {
    this.jumped += by;
  }

  private errorAt(trueTime: Milliseconds): Milliseconds {
    return this.offset + this.jumped + this.gain.at(trueTime);
  }
}
