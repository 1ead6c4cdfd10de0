import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogHistogram, MAX_BUCKETS, RELATIVE_ERROR } from '../../src/trace/log-histogram.ts';

/** A machine that does other things, too. */
const SLOW_MS = 60_000;

const SHARES = [0, 0.5, 0.9, 0.99, 1];

test(
  'TRACE-11 percentiles are those of the sorted values, to a hundredth, and both ends are exact',
  { timeout: SLOW_MS },
  () => {
    const value = fc.oneof(
      fc.double({ min: -1e7, max: 1e7, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom(0, 5, -5),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = new LogHistogram();
        for (const one of values) histogram.add(one);
        const sorted = values.toSorted((a, b) => a - b);
        const [min, max] = [sorted[0], sorted.at(-1)];
        expect([histogram.count, histogram.min, histogram.max]).toEqual([values.length, min, max]);
        for (const [i, found] of histogram.percentiles(SHARES).entries()) {
          const exact = sorted[Math.max(1, Math.ceil(SHARES[i]! * values.length)) - 1]!;
          const allowed = RELATIVE_ERROR * Math.abs(exact) + 1e-6;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(allowed * (1 + 1e-9));
        }
      }),
    );
  },
);

test('TRACE-11 it takes no more room, however many and however large the values', () => {
  const histogram = new LogHistogram();
  for (let power = -400; power < 400; power += 0.01) histogram.add(10 ** power);
  const buckets = (histogram as unknown as { buckets: Map<number, number> }).buckets.size;
  expect(buckets).toBeLessThanOrEqual(MAX_BUCKETS + 1);
  expect(buckets).toBeGreaterThan(MAX_BUCKETS / 2);
  expect(new LogHistogram().percentiles([0.5])).toEqual([NaN]);
});

test('TRACE-11 two that are merged say what one would that had seen all', () => {
  const values = fc.array(fc.double({ min: -1e7, max: 1e7, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, values, (some, others) => {
      const [merged, other, one] = [new LogHistogram(), new LogHistogram(), new LogHistogram()];
      for (const value of some) merged.add(value);
      for (const value of others) other.add(value);
      for (const value of [...some, ...others]) one.add(value);
      merged.merge(other);
      expect(merged.percentiles(SHARES)).toEqual(one.percentiles(SHARES));
      expect([merged.count, merged.min, merged.max]).toEqual([one.count, one.min, one.max]);
    }),
  );
});
