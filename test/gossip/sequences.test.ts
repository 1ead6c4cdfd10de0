import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  includes,
  MAX_GAPS,
  missing,
  runsOf,
  Sequences,
  type Run,
} from '../../src/gossip/sequences.ts';

const run = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(8)).map(([first, more]) => ({
  first,
  last: first + more,
}));

const numbersOf = ({ first, last }: Run) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('GOSSIP-1 the numbers that were heard', () => {
  test('are those of a plain set, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), run, (runs, asked) => {
        const sequences = new Sequences();
        const plain = new Set<number>();
        for (const some of runs) {
          expect(sequences.addRun(some)).toBe(true);
          for (const number of numbersOf(some)) plain.add(number);
          expect(runsOf(sequences).flatMap(numbersOf)).toEqual([...plain].sort((a, b) => a - b));
        }
        expect(sequences.count).toBe(plain.size);
        expect(sequences.newest).toBe(Math.max(0, ...plain));
        expect(sequences.has(asked.first)).toBe(plain.has(asked.first));
        const lacking = numbersOf(asked).filter((number) => !plain.has(number));
        expect(missing(sequences, asked).flatMap(numbersOf)).toEqual(lacking);
      }),
    );
  });

  test('are told as a watermark and runs beyond it that do not meet', () => {
    const sequences = new Sequences();
    for (const number of [5, 1, 2, 6, 9]) sequences.add(number);
    expect([sequences.upTo, sequences.beyond]).toEqual([
      2,
      [
        { first: 5, last: 6 },
        { first: 9, last: 9 },
      ],
    ]);
    sequences.addRun({ first: 3, last: 4 });
    expect([sequences.upTo, sequences.beyond]).toEqual([6, [{ first: 9, last: 9 }]]);
    expect([6, 7, 9].map((number) => includes(sequences, number))).toEqual([true, false, true]);
  });
});

test('GOSSIP-7 one gap too many is not opened, and nothing is changed by it', () => {
  const sequences = new Sequences();
  for (let gap = 1; gap <= MAX_GAPS; gap++) expect(sequences.add(2 * gap)).toBe(true);
  expect(sequences.add(2 * MAX_GAPS + 2)).toBe(false);
  expect(sequences.has(2 * MAX_GAPS + 2)).toBe(false);
  // What closes a gap, or lengthens a run, still has its place.
  expect(sequences.add(2 * MAX_GAPS + 1)).toBe(true);
  expect(sequences.add(1)).toBe(true);
  expect(sequences.add(2 * MAX_GAPS + 3)).toBe(true);
});
