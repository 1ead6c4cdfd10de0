import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { Fed } from './catch-up.ts';
import type { Fold } from './time-axis.ts';

/** Finer than a reader sees on the whole of a lesson, and short beside what is worth folding. */
export const BUCKET_MS: Milliseconds = 100;

/** Left open on both sides of a fold, so that what happened last is not drawn on its edge. */
const MARGIN_MS: Milliseconds = 200;

/** How many events there were when: for the overview, and to find stretches without any. */
export class Activity implements Fed {
  private readonly counts = new Map<number, number>();
  /** Those with events. Nodes are read one after the other, so they are put in order when asked for. */
  private readonly buckets: number[] = [];
  private sorted = true;
  private readonly shows: (event: TraceEvent) => boolean;

  constructor(shows: (event: TraceEvent) => boolean = () => true) {
    this.shows = shows;
  }

  reset(): void {
    this.counts.clear();
    this.buckets.length = 0;
    this.sorted = true;
  }

  take(event: TraceEvent): void {
    if (!this.shows(event)) return;
    const bucket = Math.floor(event.at / BUCKET_MS);
    const count = this.counts.get(bucket);
    this.counts.set(bucket, (count ?? 0) + 1);
    if (count !== undefined) return;
    this.sorted &&= bucket > (this.buckets.at(-1) ?? -Infinity);
    this.buckets.push(bucket);
  }

  /** Stretches of at least so long in which nothing happened. */
  quiet(leastMs: Milliseconds): Fold[] {
    const folds: Fold[] = [];
    if (!this.sorted) this.buckets.sort((a, b) => a - b);
    this.sorted = true;
    for (let i = 1; i < this.buckets.length; i++) {
      const from = (this.buckets[i - 1]! + 1) * BUCKET_MS;
      const to = this.buckets[i]! * BUCKET_MS;
      if (to - from >= leastMs) folds.push({ from: from + MARGIN_MS, to: to - MARGIN_MS });
    }
    return folds;
  }

  /** Events in each of `count` equal parts of the time between. */
  parts(from: Milliseconds, to: Milliseconds, count: number): number[] {
    const parts = Array.from({ length: count }, () => 0);
    for (const [bucket, events] of this.counts) {
      const share = ((bucket + 0.5) * BUCKET_MS - from) / (to - from);
      if (share < 0 || share >= 1) continue;
      parts[Math.floor(share * count)]! += events;
    }
    return parts;
  }
}
