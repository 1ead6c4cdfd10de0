import type { Milliseconds } from '../vocabulary.ts';
import { driftBound } from './drift-bound.ts';
import type { Sample } from './four-timestamps.ts';

/** As many as NTP's clock filter has (RFC 5905, section 10): in a queue's worst seconds one gets through. */
export const WINDOW_SAMPLES = 8;

export interface Estimate {
  readonly offset: Milliseconds;
  /** The true offset is no further away than this. */
  readonly error: Milliseconds;
  /** Of the sample that it rests on. */
  readonly delay: Milliseconds;
}

/**
 * NTP's clock filter: of the last samples it believes the one with the least delay, because what a
 * queue adds to a delay it mostly adds on one way, and half of that is error. A mean would keep all of it.
 * An old sample has to be better by as much as the clocks may have drifted apart since.
 */
export class SyncFilter {
  private readonly assumedDriftPpm: number;
  private samples: Sample[] = [];

  constructor(assumedDriftPpm: number) {
    this.assumedDriftPpm = assumedDriftPpm;
  }

  get size(): number {
    return this.samples.length;
  }

  /** The newest, whatever its delay. */
  get newest(): Sample | undefined {
    return this.samples.at(-1);
  }

  add(sample: Sample): void {
    if (this.samples.length === WINDOW_SAMPLES) this.samples.shift();
    this.samples.push(sample);
  }

  clear(): void {
    this.samples = [];
  }

  /** Null before the first sample. `now` is by the asker's clock. */
  best(now: Milliseconds): Estimate | null {
    let best: Estimate | null = null;
    for (const { at, offset, delay, error } of this.samples) {
      const aged = error + 2 * driftBound(now - at, this.assumedDriftPpm);
      if (best === null || aged < best.error) best = { offset, error: aged, delay };
    }
    return best;
  }
}
