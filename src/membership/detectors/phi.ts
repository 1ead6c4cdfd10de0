import { exponential, naturalLog } from '../../network/elementary.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import { BySilence } from './by-silence.ts';
import type { Working } from './detector.ts';
import type { Watched } from './watched.ts';

/** By what was learnt, a node that lives is so silent once in 10⁸ times. As Akka has it. */
export const PHI_THRESHOLD = 8;

/** Three lost beats in a row are bad luck; a busy page at the other end loses as much time. */
export const ACCEPTABLE_PAUSE_BEATS = 3;

/** On a calm link all gaps are alike, and the least surprise would seem impossible. */
export const MIN_DEVIATION_BEATS = 0.25;

/**
 * Phi accrual: no yes or no, but how surprising a silence is. Phi is minus the logarithm, to base 10,
 * of the probability that a gap lasts longer than the silence so far, if gaps are normally distributed.
 */
export class PhiDetector extends BySilence {
  readonly name = 'phi';

  protected think(silentMs: Milliseconds, { everyMs, window }: Watched) {
    const { mean, deviation } = window.expected ?? { mean: everyMs, deviation: 0 };
    const meanMs = mean + ACCEPTABLE_PAUSE_BEATS * everyMs;
    const deviationMs = Math.max(deviation, MIN_DEVIATION_BEATS * everyMs);
    const level = phiOf(silentMs, meanMs, deviationMs);
    const expected = { meanMs, deviationMs };
    return { level, threshold: PHI_THRESHOLD, unit: 'phi', expected } as const;
  }

  protected words({ level, threshold }: Pick<Working, 'level' | 'threshold'>): string {
    return `phi is ${level.toFixed(1)}, the limit is ${threshold}`;
  }

  /** A silence in which it was to be suspected was an outage: learnt as usual, it would hide the next. */
  protected learnsFrom(gapMs: Milliseconds, of: Watched): boolean {
    return this.think(gapMs, of).level < PHI_THRESHOLD;
  }
}

/** Beyond it, e to the minus x is nothing beside 1. */
const NOTHING_BEYOND = 40;

/**
 * The normal distribution in its logistic approximation, as Akka has it: `-log10(e / (1 + e))` with
 * `e = exp(-x)`. That is log10(1 + exp(x)), written so that it stays finite in long silences.
 */
export function phiOf(
  silenceMs: Milliseconds,
  meanMs: Milliseconds,
  deviationMs: Milliseconds,
): number {
  const y = (silenceMs - meanMs) / deviationMs;
  const x = y * (1.5976 + 0.070566 * y * y);
  const rest = naturalLog(1 + exponential(-Math.min(Math.abs(x), NOTHING_BEYOND)));
  return (Math.max(x, 0) + rest) / Math.LN10;
}
