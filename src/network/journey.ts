import type { Milliseconds } from '../vocabulary.ts';
import type { Conditions } from './conditions.ts';
import { drawFlips } from './corruption.ts';
import { drawLatency } from './distribution.ts';
import type { RandomSource } from './random-source.ts';

/** What befalls one copy of a frame between leaving one node and reaching the other. */
export interface Journey {
  readonly takesMs: Milliseconds;
  /** The bits that arrive flipped; null if it arrives as it was sent. */
  readonly flips: readonly number[] | null;
}

/** Draws journeys. Each kind of fault has a generator of its own, and uses it for every journey. */
export class Journeys {
  private readonly random: RandomSource;
  private readonly reorder: RandomSource;
  private readonly corrupt: RandomSource;
  private readonly flips: RandomSource;
  /** One for each latency that was ever in force at that place of the list. */
  private readonly latencies: RandomSource[] = [];

  constructor(random: RandomSource) {
    this.random = random;
    this.reorder = random.fork('reorder');
    this.corrupt = random.fork('corrupt');
    this.flips = random.fork('flips');
  }

  draw({ latencies, reorder, corrupt }: Conditions, bytes: number): Journey {
    let takesMs = 0;
    latencies.forEach((latency, index) => {
      this.latencies[index] ??= this.random.fork(`latency ${index}`);
      takesMs += drawLatency(latency, this.latencies[index].next);
    });
    if (happens(reorder.probability, this.reorder)) takesMs += reorder.holdMs;
    const damaged = happens(corrupt, this.corrupt);
    return { takesMs, flips: damaged ? drawFlips(bytes, this.flips.next) : null };
  }
}

/** A fault that is not in force draws nothing: it costs no time, and its generator is its own. */
export function happens(probability: number, random: RandomSource): boolean {
  return probability > 0 && random.next() < probability;
}
