import { describe, expect, test } from 'vitest';
import { drawLatency, type Latency } from '../../src/network/distribution.ts';
import { Random } from '../../src/simulator/random.ts';
import { deviation, errorOf, FRAMES, mean, SEEDS } from './measure.ts';

function draws(latency: Latency, seed: string): readonly number[] {
  const random = new Random(seed);
  return Array.from({ length: FRAMES }, () => drawLatency(latency, random.next));
}

const MEAN_TOLERANCE = 0.02;
const SPREAD_TOLERANCE = 0.05;

describe.each(SEEDS)('20,000 draws, %s seed', (seed) => {
  test('SHAPER-4 constant is exactly what was asked for', () => {
    const times = draws({ shape: 'constant', meanMs: 42.5, spreadMs: 0 }, seed);
    expect(new Set(times)).toEqual(new Set([42.5]));
  });

  test('SHAPER-4 uniform fills the whole range on both sides of the mean, evenly', () => {
    const times = draws({ shape: 'uniform', meanMs: 100, spreadMs: 60 }, seed);
    expect(errorOf(mean(times), 100)).toBeLessThan(MEAN_TOLERANCE);
    expect(errorOf(deviation(times), 60 / Math.sqrt(3))).toBeLessThan(SPREAD_TOLERANCE);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(40);
    expect(Math.min(...times)).toBeLessThan(40.2);
    expect(Math.max(...times)).toBeLessThan(160);
    expect(Math.max(...times)).toBeGreaterThan(159.8);
    for (let from = 40; from < 160; from += 30) {
      const share = times.filter((time) => time >= from && time < from + 30).length / FRAMES;
      expect(errorOf(share, 1 / 4)).toBeLessThan(SPREAD_TOLERANCE);
    }
  });

  test('SHAPER-4 normal has the mean, the deviation and the tails of a bell', () => {
    const times = draws({ shape: 'normal', meanMs: 100, spreadMs: 30 }, seed);
    expect(errorOf(mean(times), 100)).toBeLessThan(MEAN_TOLERANCE);
    expect(errorOf(deviation(times), 30)).toBeLessThan(SPREAD_TOLERANCE);
    const within = (deviations: number) =>
      times.filter((time) => Math.abs(time - 100) < deviations * 30).length / FRAMES;
    expect(within(1)).toBeCloseTo(0.6827, 1.5);
    expect(within(2)).toBeCloseTo(0.9545, 2);
    expect(times.filter((time) => time < 100).length / FRAMES).toBeCloseTo(0.5, 1.5);
  });

  test.each([25, 100])('SHAPER-4 long-tailed has the mean and a deviation of %d', (spreadMs) => {
    const times = draws({ shape: 'long-tailed', meanMs: 100, spreadMs }, seed);
    expect(errorOf(mean(times), 100)).toBeLessThan(MEAN_TOLERANCE);
    // The deviation of a heavy tail is itself uncertain: 2.2 % with 20,000 draws at a spread of 100.
    const tolerance = spreadMs === 25 ? SPREAD_TOLERANCE : 2 * SPREAD_TOLERANCE;
    expect(errorOf(deviation(times), spreadMs)).toBeLessThan(tolerance);
    // Half of a lognormal lies below mean / √(1 + (spread / mean)²).
    const median = 100 / Math.sqrt(1 + (spreadMs / 100) ** 2);
    const below = times.filter((time) => time < median).length / FRAMES;
    expect(below).toBeCloseTo(0.5, 1.5);
  });
});

test('SHAPER-4 a long tail is long: one in a thousand takes ten times the median', () => {
  const times = [...draws({ shape: 'long-tailed', meanMs: 100, spreadMs: 100 }, 'tail')];
  times.sort((a, b) => a - b);
  expect(times[FRAMES * 0.999]! / times[FRAMES / 2]!).toBeGreaterThan(10);
});

test('SHAPER-4 a normal draw that would be negative takes no time', () => {
  // The first draw makes the radius longest, the second turns it against the mean.
  const worst = [1 - 2 ** -32, 0.5];
  const latency: Latency = { shape: 'normal', meanMs: 30, spreadMs: 10 };
  expect(drawLatency(latency, () => worst.shift()!)).toBe(0);
});
