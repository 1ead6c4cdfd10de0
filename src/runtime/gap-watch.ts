import type { Milliseconds } from '../vocabulary.ts';

/**
 * A wake-up this late means that the node did not run. Browsers put off the timers of a hidden page
 * by up to a second, and a busy tab by less; three missed pings take three.
 */
export const PAUSE_THRESHOLD_MS: Milliseconds = 1_500;

/** Notices that a node did not run, by a wake-up that came long after the moment it was asked for. */
export class GapWatch {
  private readonly thresholdMs: Milliseconds;
  private noticedUntil: Milliseconds = -Infinity;

  constructor(thresholdMs: Milliseconds = PAUSE_THRESHOLD_MS) {
    this.thresholdMs = thresholdMs;
  }

  /**
   * How long the node certainly did not run, once for each gap; null if it did. The true length may
   * be more, by what was left until the wake-up when it froze.
   *
   * @param expected when it asked to be woken; null if it did not
   */
  take(expected: Milliseconds | null, now: Milliseconds): Milliseconds | null {
    if (expected === null) return null;
    const gapMs = now - Math.max(expected, this.noticedUntil);
    if (gapMs < this.thresholdMs) return null;
    this.noticedUntil = now;
    return gapMs;
  }
}
