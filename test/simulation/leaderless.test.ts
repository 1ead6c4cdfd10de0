import { expect, test } from 'vitest';
import { GIVE_UP_MS, leaderless } from '../bench/theory/leaderless.ts';
import { percentile } from '../support/percentile.ts';

const TRIALS = 60;
/** Each of them is ten seconds of split votes. */
const TRIALS_OF_NO_CHANCE = 4;

function downtimes(minTimeoutMs: number, maxTimeoutMs: number, trials = TRIALS) {
  const all = leaderless({ minTimeoutMs, maxTimeoutMs }, trials);
  return { least: percentile(all, 0), median: percentile(all, 0.5), worst: percentile(all, 1) };
}

test('RAFT-4 votes are split for ever without chance; the more of it, the sooner the worst election is over', () => {
  const none = downtimes(150, 150, TRIALS_OF_NO_CHANCE);
  const little = downtimes(150, 155);
  const much = downtimes(150, 300);

  expect(none.least).toBeGreaterThan(GIVE_UP_MS);
  expect(little.median).toBeGreaterThan(much.median);
  expect(little.worst).toBeGreaterThan(much.worst);
  // The paper's medians are 287 and 190 ms; a round of split votes more or less is 150 ms.
  expect(little.median).toBeGreaterThan(200);
  expect(little.median).toBeLessThan(450);
  expect(much.median).toBeGreaterThan(150);
  expect(much.median).toBeLessThan(220);
  expect(much.worst).toBeLessThan(900);
});

test('RAFT-4 the shorter the timeouts, the sooner another leads, and never before half of the least one', () => {
  const medians = [
    [150, 300],
    [50, 100],
    [12, 24],
  ].map(([min, max]) => {
    const { least, median } = downtimes(min!, max!);
    expect(least).toBeGreaterThan(min! / 2);
    return median;
  });
  expect(medians).toEqual([...medians].sort((a, b) => b - a));
  expect(medians[2]).toBeLessThan(50);
});
