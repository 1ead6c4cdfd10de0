import { expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';

const draw = (random: Random, count = 5) =>
  Array.from({ length: count }, () => random.below(1_000));

test('SIM-3 the same seed gives the same numbers, in every version of this program', () => {
  expect(draw(new Random('a seed'))).toEqual(draw(new Random('a seed')));
  expect(draw(new Random('a seed'))).not.toEqual(draw(new Random('b seed')));
  expect(draw(new Random(1))).toMatchInlineSnapshot(`
    [
      487,
      744,
      662,
      3,
      463,
    ]
  `);
});

test('SIM-3 a fork depends on seed and label alone, not on what was drawn', () => {
  const one = new Random(1);
  const other = new Random(1);
  draw(other, 100);
  expect(draw(one.fork('loss'))).toEqual(draw(other.fork('loss')));
  expect(draw(one.fork('loss'))).not.toEqual(draw(one.fork('delay')));
  expect(draw(one.fork('a').fork('b'))).not.toEqual(draw(one.fork('b').fork('a')));
});

test('SIM-3 numbers are spread evenly over [0, 1)', () => {
  const random = new Random('spread');
  const buckets = new Array<number>(20).fill(0);
  let sum = 0;
  for (let i = 0; i < 100_000; i++) {
    const value = random.next();
    sum += value;
    buckets[Math.floor(value * 20)]! += 1;
  }
  // Four standard deviations of a fair draw: 0.0037 for the mean, 276 for a bucket of 5,000.
  expect(Math.abs(sum / 100_000 - 0.5)).toBeLessThan(0.004);
  for (const bucket of buckets) expect(Math.abs(bucket - 5_000)).toBeLessThan(280);
});
