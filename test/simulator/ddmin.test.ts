import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ddmin } from '../../src/simulator/ddmin.ts';

test('SIM-8 what is left still fails, and without any one of it all is well', () => {
  const items = Array.from({ length: 24 }, (_, index) => index);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(23), { minLength: 1, maxLength: 5 }), (needed) => {
      const fails = (list: readonly number[]) => needed.every((item) => list.includes(item));
      expect(ddmin(items, fails)).toEqual(needed.sort((a, b) => a - b));
    }),
  );
});

test('SIM-8 one of two causes is enough', () => {
  const fails = (list: readonly number[]) => list.includes(3) || list.includes(4);
  expect(ddmin([1, 2, 3, 4, 5], fails)).toHaveLength(1);
});

test('SIM-8 what fails without any fault shrinks to none', () => {
  expect(ddmin([1, 2, 3], () => true)).toEqual([]);
});
