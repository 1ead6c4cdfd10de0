import type { Milliseconds } from '../../vocabulary.ts';
import { BySilence, inSeconds } from './by-silence.ts';
import type { Working } from './detector.ts';
import type { Watched } from './watched.ts';

/** All but one gap in a hundred count as usual; twice of that is not. */
const SHARE = 0.99;
const TIMES = 2;

/** A calm link would have it suspect after two lost beats: it waits for as many as the fixed limit. */
export const MIN_PATIENCE_BEATS = 5;

/** However bad a link is, who is silent for so many beats is suspect. A longer gap teaches nothing. */
export const MAX_PATIENCE_BEATS = 10;

/** Learns of each link what is usual there: the limit is twice the 99th percentile of its gaps, clamped. */
export class AdaptiveDetector extends BySilence {
  readonly name = 'adaptive';

  protected think(silentMs: Milliseconds, { everyMs, window }: Watched) {
    const learnt = TIMES * (window.percentile(SHARE) ?? everyMs);
    const atLeast = MIN_PATIENCE_BEATS * everyMs;
    const threshold = Math.min(Math.max(learnt, atLeast), MAX_PATIENCE_BEATS * everyMs);
    const { mean, deviation } = window.expected ?? { mean: everyMs, deviation: 0 };
    const expected = { meanMs: mean, deviationMs: deviation };
    return { level: silentMs, threshold, unit: 'ms', expected } as const;
  }

  protected words({ threshold }: Pick<Working, 'threshold'>): string {
    return `by what is usual on its link the limit is ${inSeconds(threshold)}`;
  }

  protected learnsFrom(gapMs: Milliseconds, { everyMs }: Watched): boolean {
    return gapMs < MAX_PATIENCE_BEATS * everyMs;
  }
}
