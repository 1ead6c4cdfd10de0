import { expect, test } from 'vitest';
import { electedBy, timeAxis } from './theory/elected-by.ts';

test('a line climbs where trials end, by the axis beneath it, and is full only when all have', () => {
  const line = electedBy([100, 100, 1_000, Infinity]);
  const axis = timeAxis();
  const [at100, at1000] = [axis.indexOf('100 ms') - 1, axis.indexOf('1 s') - 1];
  expect(line.slice(0, at100 - 1).trim()).toBe('');
  expect(new Set(line.slice(at100, at1000 - 1))).toEqual(new Set('▄'));
  expect(new Set(line.slice(at1000))).toEqual(new Set('▆'));
  expect(line).toHaveLength(60);
  expect(electedBy([Infinity])).toBe('');
  expect(electedBy([11, 11]).trim()).toMatch(/^█+$/);
});
