import { describe, expect, test } from 'vitest';
import { cosineOfTurn, exponential, naturalLog } from '../../src/network/elementary.ts';

/** That they are the same in every engine is tested in a browser. */
describe('SHAPER-4 logarithm, exponential and cosine by exact operations alone', () => {
  const steps = Array.from({ length: 20_001 }, (_, i) => i / 20_000);
  const worst = (errors: readonly number[]) => errors.reduce((a, b) => Math.max(a, b), 0);
  const relative = (got: number, right: number) =>
    Math.abs(got - right) / Math.max(Math.abs(right), Number.MIN_VALUE);

  test('the logarithm, from the smallest draw to large ratios', () => {
    const xs = [2 ** -32, 2 ** -53, ...steps.slice(1), ...steps.map((x) => 1 + 1e6 * x)];
    expect(worst(xs.map((x) => Math.abs(naturalLog(x) - Math.log(x))))).toBeLessThan(1e-14);
    expect(naturalLog(1)).toBe(0);
  });

  test('the exponential', () => {
    const xs = steps.map((x) => 80 * x - 40);
    expect(worst(xs.map((x) => relative(exponential(x), Math.exp(x))))).toBeLessThan(2e-14);
    expect(exponential(0)).toBe(1);
  });

  test('the cosine over a whole turn', () => {
    const error = (x: number) => Math.abs(cosineOfTurn(x) - Math.cos(2 * Math.PI * x));
    expect(worst(steps.map(error))).toBeLessThan(1e-14);
    expect([0, 0.5, 1].map(cosineOfTurn)).toEqual([1, -1, 1]);
  });
});
