import { describe, expect, test } from 'vitest';
import {
  AdaptiveDetector,
  MAX_PATIENCE_BEATS,
  MIN_PATIENCE_BEATS,
} from '../../../src/membership/detectors/adaptive.ts';
import { GapWindow, MAX_GAPS } from '../../../src/membership/detectors/gap-window.ts';
import { BEAT_MS } from '../../../src/membership/pace.ts';
import { PEER } from '../../compliance/detectors.ts';

/** A detector that heard beats with these gaps between them. */
function after(gaps: readonly number[]) {
  const detector = new AdaptiveDetector();
  let now = 0;
  detector.watch(PEER, now);
  for (const gap of [0, ...gaps]) {
    now += gap;
    detector.heard(PEER, now);
    detector.beat(PEER, now, BEAT_MS);
  }
  return detector.working(PEER, now)!;
}

const times = (count: number, gap: number) => Array.from({ length: count }, () => gap);

describe('the window', () => {
  test('FD-9 a percentile is the nearest rank: one of the gaps, and never one between two', () => {
    const window = new GapWindow();
    for (const gap of [15, 20, 35, 40, 50].toReversed()) window.add(gap);
    expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => window.percentile(share))).toEqual([
      15, 20, 20, 35, 50,
    ]);
  });

  test('FD-9 it keeps the last hundred gaps', () => {
    const window = new GapWindow();
    for (let gap = 1; gap <= MAX_GAPS + 50; gap++) window.add(gap);
    expect([window.gaps.length, window.gaps[0], window.percentile(0.99)]).toEqual([100, 51, 149]);
    expect(window.expected!.mean).toBe(100.5);
    expect(window.expected!.deviation).toBeCloseTo(28.866, 3);
  });
});

describe('the limit', () => {
  test('FD-9 is twice the 99th percentile of the gaps', () => {
    // Of a hundred gaps the 99th is the second longest.
    expect(after([...times(98, 200), 700, 900]).threshold).toBe(1_400);
  });

  test('FD-9 one long gap in a hundred is none that is usual', () => {
    expect(after([...times(99, 200), 1_900]).threshold).toBe(MIN_PATIENCE_BEATS * BEAT_MS);
  });

  test('FD-9 is clamped on both sides, and what is longer than the upper one is not learnt', () => {
    expect(after(times(100, 190)).threshold).toBe(MIN_PATIENCE_BEATS * BEAT_MS);
    expect(after(times(100, 1_500)).threshold).toBe(MAX_PATIENCE_BEATS * BEAT_MS);
    const outage = after([...times(50, 200), MAX_PATIENCE_BEATS * BEAT_MS]);
    expect([outage.gaps.length, outage.threshold]).toEqual([50, MIN_PATIENCE_BEATS * BEAT_MS]);
  });
});
