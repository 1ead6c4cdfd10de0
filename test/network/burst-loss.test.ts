import { describe, expect, test } from 'vitest';
import { burstsOf, LossProcess, type Loss } from '../../src/network/burst-loss.ts';
import { Random } from '../../src/simulator/random.ts';
import { binomialSlack, errorOf, FRAMES, mean, SEEDS } from './measure.ts';

/** Which frames are lost, and how long each unbroken run of losses is. */
function lose(loss: Loss, seed: string, frames = FRAMES) {
  const process = new LossProcess(loss, new Random(seed).next);
  const lost = Array.from({ length: frames }, () => process.next());
  const runs = lost
    .map((one) => (one ? 'x' : ' '))
    .join('')
    .split(/ +/)
    .filter((run) => run !== '')
    .map((run) => run.length);
  return { share: lost.filter(Boolean).length / frames, runs };
}

describe.each(SEEDS)('%s seed', (seed) => {
  test('SHAPER-5 independent loss of 20 % is that, and its bursts are as long as chance makes them', () => {
    const { share, runs } = lose({ kind: 'independent', probability: 0.2 }, seed);
    expect(Math.abs(share - 0.2) * FRAMES).toBeLessThan(binomialSlack(FRAMES, 0.2));
    expect(errorOf(mean(runs), 1 / (1 - 0.2))).toBeLessThan(0.03);
  });

  test('SHAPER-5 bursts have the share and the mean length that were asked for', () => {
    // Bursts of 8 at 20 % come every 40 frames: 200,000 frames hold 5,000 of them.
    const { share, runs } = lose(burstsOf(0.2, 8), seed, 200_000);
    expect(errorOf(mean(runs), 8)).toBeLessThan(0.06);
    expect(errorOf(share, 0.2)).toBeLessThan(0.06);
    // Geometric: one in (7/8)^16 ≈ 12 % is longer than twice the mean.
    const long = runs.filter((run) => run > 16).length / runs.length;
    expect(long).toBeCloseTo((7 / 8) ** 16, 1.5);
  });

  test('SHAPER-5 the bad state may let some through and the good state lose some', () => {
    const loss: Loss = {
      kind: 'bursts',
      goodToBad: 0.02,
      badToGood: 0.08,
      lossInGood: 0.01,
      lossInBad: 0.6,
    };
    // A fifth of the time is bad.
    const { share } = lose(loss, seed, 200_000);
    expect(errorOf(share, 0.8 * 0.01 + 0.2 * 0.6)).toBeLessThan(0.06);
  });
});

test('SHAPER-5 bursts of the shortest length that the share allows leave one frame between them', () => {
  const { share, runs } = lose(burstsOf(0.5, 1), 'any');
  expect(share).toBe(0.5);
  expect(new Set(runs)).toEqual(new Set([1]));
});
