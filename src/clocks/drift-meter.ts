import type { Milliseconds } from '../vocabulary.ts';
import { PARTS_PER_MILLION } from './drift-bound.ts';
import type { Sample } from './four-timestamps.ts';

/** Enough that the first and the last third still choose among 10, however long it is measured. */
export const MAX_DRIFT_SAMPLES = 64;

/** How often a peer is asked at most. Slots double whenever the samples would be too many. */
const FIRST_SLOT_MS: Milliseconds = 1_000;

/** Below this a delay's jitter of a millisecond looks like 100 ppm. */
export const MIN_DRIFT_SPAN_MS: Milliseconds = 10_000;

/** A drift of 1 ppm, over a day. */
export const MS_A_DAY_PER_PPM = 86_400_000 * PARTS_PER_MILLION;

export interface Drift {
  /** How much faster the other clock runs. */
  readonly ppm: number;
  /** The true mean rate is no further away than this. */
  readonly errorPpm: number;
  /** Between the two samples that it rests on. */
  readonly spanMs: Milliseconds;
}

/**
 * How much faster another clock runs than the own one: two good samples far apart, the change of the
 * offset over the time between. The error is what both samples may be off, over that time, so it
 * falls as the span grows: a minute tells tens of ppm, an hour less than one.
 */
export class DriftMeter {
  /** At most one a slot of time, in order. */
  private readonly samples: Sample[] = [];
  private slotMs: Milliseconds = FIRST_SLOT_MS;

  get size(): number {
    return this.samples.length;
  }

  add(sample: Sample): void {
    this.put(sample);
    while (this.samples.length > MAX_DRIFT_SAMPLES) {
      this.slotMs *= 2;
      for (const each of this.samples.splice(0)) this.put(each);
    }
  }

  clear(): void {
    this.samples.length = 0;
    this.slotMs = FIRST_SLOT_MS;
  }

  /** Null while the samples span too little. */
  drift(): Drift | null {
    const third = Math.ceil(this.samples.length / 3);
    if (third === 0) return null;
    const early = this.samples.slice(0, third).reduce(surer);
    const late = this.samples.slice(-third).reduce(surer);
    const spanMs = late.at - early.at;
    if (spanMs < MIN_DRIFT_SPAN_MS) return null;
    return {
      ppm: (late.offset - early.offset) / spanMs / PARTS_PER_MILLION,
      errorPpm: (late.error + early.error) / spanMs / PARTS_PER_MILLION,
      spanMs,
    };
  }

  /** Of all samples of a slot the surest stays. */
  private put(sample: Sample): void {
    const last = this.samples.at(-1);
    if (last === undefined || this.slotOf(last) !== this.slotOf(sample)) this.samples.push(sample);
    else this.samples[this.samples.length - 1] = surer(last, sample);
  }

  private slotOf({ at }: Sample): number {
    return Math.floor(at / this.slotMs);
  }
}

function surer(a: Sample, b: Sample): Sample {
  return b.error < a.error ? b : a;
}
