import type { Milliseconds } from '../vocabulary.ts';

/**
 * A batch that had to wait says little, so the quickest of many is believed. Machines' clocks drift
 * by 100 ppm at most: 3 ms in two windows.
 */
const WINDOW_MS: Milliseconds = 15_000;

/**
 * What a node's machine takes for true time, by the observer's own clock: its stamps less the
 * difference that the quickest message between the two had. That difference is the clocks' offset
 * and the quickest way, so all events seem that much later than they were; README.md says what
 * remains.
 */
export class ObservedClock {
  private windowEnd: Milliseconds = -Infinity;
  private before: Milliseconds = Infinity;
  private current: Milliseconds = Infinity;
  private newest: Milliseconds = -Infinity;

  /** A message that was sent at a time of its clock has arrived at one of the observer's. */
  arrived(sentAt: Milliseconds, arrivedAt: Milliseconds): void {
    if (arrivedAt >= this.windowEnd) {
      const isNext = arrivedAt < this.windowEnd + WINDOW_MS;
      this.before = isNext ? this.current : Infinity;
      this.current = Infinity;
      this.windowEnd = arrivedAt + WINDOW_MS;
    }
    this.current = Math.min(this.current, arrivedAt - sentAt);
  }

  /** Of the node's events in their order, which they keep: a better estimate moves none before the last. */
  correct(at: Milliseconds): Milliseconds {
    const corrected = at + Math.min(this.before, this.current);
    this.newest = Math.max(this.newest, corrected);
    return this.newest;
  }
}
