import { describe, expect, test } from 'vitest';
import { PHI_THRESHOLD, PhiDetector, phiOf } from '../../../src/membership/detectors/phi.ts';
import { BEAT_MS } from '../../../src/membership/pace.ts';
import { PEER, Watch } from '../../compliance/detectors.ts';

/** From the formula as Akka has it, by Python's `math`. */
const GOLDEN = [
  [700, 1_000, 100, 0.0005352745494572701],
  [1_000, 1_000, 100, 0.3010299956639812],
  [1_100, 1_000, 100, 0.7995083208395598],
  [1_300, 1_000, 100, 2.9094753264849538],
  [1_500, 1_000, 100, 7.299947394460206],
  [1_700, 1_000, 100, 15.368525622645256],
  [1_100, 810, 52.5, 8.997882589508565],
  [1_090, 810, 50, 9.267444109434866],
  [900, 810, 50, 1.4435503645958752],
] as const;

/** Minus log10 of the upper tail of the true normal distribution, by Python's `math.erfc`. */
const EXACT = [
  [1_100, 0.7995455414919704],
  [1_300, 2.8696990359293686],
] as const;

describe('phi', () => {
  test.each(GOLDEN)(
    'FD-10 after %d ms with mean %d and deviation %d',
    (silence, mean, dev, phi) => {
      expect(phiOf(silence, mean, dev)).toBeCloseTo(phi, 10);
    },
  );

  test.each(EXACT)('FD-10 after %d ms it is near the normal distribution', (silence, phi) => {
    expect(Math.abs(phiOf(silence, 1_000, 100) - phi)).toBeLessThan(0.05);
  });

  test('FD-10 it rises with the silence and stays finite', () => {
    const silences = [0, 10, 500, 1_000, 1_001, 2_000, 10_000, 1e6, 1e9];
    const phis = silences.map((silence) => phiOf(silence, 1_000, 100));
    expect(phis).toEqual(phis.toSorted((a, b) => a - b));
    expect(phis[0]).toBe(0);
    expect(phis.every(Number.isFinite)).toBe(true);
  });

  test('FD-10 its working draws its curve', () => {
    const watch = new Watch(new PhiDetector());
    watch.beats(5_000);
    watch.hears();
    watch.silence(700);
    const { level, threshold, expected, gaps } = watch.detector.working(PEER, watch.now)!;
    expect(threshold).toBe(PHI_THRESHOLD);
    expect(gaps.length).toBeGreaterThan(15);
    expect(level).toBe(phiOf(700, expected!.meanMs, expected!.deviationMs));
  });

  test('FD-10 it waits longer on a link whose beats come unevenly', () => {
    // The same mean in both.
    const [even, uneven] = [
      [300, 300],
      [100, 500],
    ].map((gaps) => {
      const watch = new Watch(new PhiDetector());
      for (let i = 0; i < 40; i++) {
        watch.now += gaps[i % 2]!;
        watch.hears();
        watch.detector.beat(PEER, watch.now, BEAT_MS);
      }
      return {
        expected: watch.detector.working(PEER, watch.now)!.expected!,
        waited: watch.silence(5_000)!,
      };
    });
    expect(even!.expected.meanMs).toBeCloseTo(uneven!.expected.meanMs, -2);
    expect(uneven!.expected.deviationMs).toBeCloseTo(200, -2);
    expect(uneven!.waited).toBeGreaterThan(even!.waited + 500);
  });
});
