import { cosineOfTurn, exponential, naturalLog } from './elementary.ts';
import type { Milliseconds } from '../vocabulary.ts';

/**
 * How long frames take. `meanMs` is the mean of every shape; `spreadMs` says how far they stray:
 *
 * - `constant`: not at all; the spread is 0.
 * - `uniform`: as likely anywhere within `spreadMs` below and above the mean. The standard deviation
 *   is `spreadMs` / √3.
 * - `normal`: a bell with the standard deviation `spreadMs`. Nothing arrives before it was sent: what
 *   would fall below 0 is 0. Rules keep the spread within a third of the mean, where that is one
 *   draw in 740 and raises the mean by less than 0.02 %.
 * - `long-tailed`: lognormal with the standard deviation `spreadMs`. Most frames are faster than the
 *   mean and a few are very late. A Pareto tail may have no mean to measure; this one always has.
 */
export interface Latency {
  readonly shape: 'constant' | 'uniform' | 'normal' | 'long-tailed';
  readonly meanMs: Milliseconds;
  readonly spreadMs: Milliseconds;
}

/**
 * One frame's time, never negative. A shape takes the same number of draws each time.
 *
 * @param random uniform in [0, 1)
 */
export function drawLatency(latency: Latency, random: () => number): Milliseconds {
  const { shape, meanMs, spreadMs } = latency;
  switch (shape) {
    case 'constant':
      return meanMs;
    case 'uniform':
      return meanMs + spreadMs * (2 * random() - 1);
    case 'normal':
      return Math.max(0, meanMs + spreadMs * standardNormal(random));
    case 'long-tailed':
      return lognormal(meanMs, spreadMs, random);
  }
}

/** The exponential of a normal draw whose own mean and variance give the wanted ones. */
function lognormal(mean: number, deviation: number, random: () => number): number {
  const share = deviation / mean;
  const variance = naturalLog(1 + share * share);
  return mean * exponential(Math.sqrt(variance) * standardNormal(random) - variance / 2);
}

/** Box and Muller: two uniform draws make one of mean 0 and deviation 1. */
function standardNormal(random: () => number): number {
  const radius = Math.sqrt(-2 * naturalLog(1 - random()));
  return radius * cosineOfTurn(random());
}
