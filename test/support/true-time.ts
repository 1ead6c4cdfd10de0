import type { Milliseconds } from '../../src/vocabulary.ts';

/** True time in a test's hand. */
export class TrueTime {
  private time: Milliseconds;

  constructor(time: Milliseconds = 0) {
    this.time = time;
  }

  readonly now = (): Milliseconds => this.time;

  pass(duration: Milliseconds): void {
    this.time += duration;
  }
}

export const SECOND: Milliseconds = 1_000;
export const HOUR: Milliseconds = 3_600_000;
export const DAY: Milliseconds = 24 * HOUR;
