import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_POSITION, type Deed, type IntentId } from '../../src/merge/intent.ts';
import { boardOf, compareScalars } from '../../src/merge/whole/board.ts';
import { carryOut, type Pieces } from '../../src/merge/whole/pieces.ts';
import { Versions } from '../../src/merge/whole/versions.ts';

const id = (name: string | number) => String(name) as IntentId;
const after = (before: Pieces, ...deeds: Deed[]): Pieces =>
  deeds.reduce((pieces, deed) => carryOut(deed, id('me'), pieces), before);
const contents = (pieces: Pieces) => pieces.map(({ content }) => content);

const list = ['a', 'b', 'c'].map((content) => ({
  atom: { intent: id(content), index: 0 },
  content,
}));

test('WHOLE-1 a moved item is put in at its place in what is left, and is a new piece', () => {
  const moved = (from: number, to: number) => after(list, { do: 'move', key: 'k', from, to });
  expect(contents(moved(0, 1))).toEqual(['b', 'a', 'c']);
  expect(contents(moved(0, 99))).toEqual(['b', 'c', 'a']);
  expect(contents(moved(2, 0))).toEqual(['c', 'a', 'b']);
  expect(moved(2, 0).map(({ atom }) => atom.intent)).toEqual(['me', 'a', 'b']);
  expect(moved(3, 0)).toBe(list);
});

test('WHOLE-2 what would go beyond the longest text is cut', () => {
  const type = (text: string): Deed => ({ do: 'type', key: 'k', position: 1, text });
  const nearlyFull = new Array<Pieces[number]>(MAX_POSITION - 2).fill(list[0]!);
  const full = after(nearlyFull, type('1234'));
  expect(contents(full).slice(0, 5)).toEqual(['a', '1', '2', 'a', 'a']);
  expect(full).toHaveLength(MAX_POSITION);
  expect(after(full, type('5'), { do: 'insert', key: 'k', position: 0, item: 'x' })).toBe(full);
});

test('where there is nothing to do the pieces are the same ones', () => {
  const end = { key: 'k', position: 3 };
  expect(after(list, { do: 'erase', ...end, count: 9 }, { do: 'drop', ...end })).toBe(list);
  expect(after(list, { do: 'remove', key: 'k', item: 'x' })).toBe(list);
});

test('WHOLE-3 a version made again is the same, whatever was kept; a long past is no trouble', () => {
  /** Each write reads up to two of those before it, and holds how many ways lead to it. */
  const histories = fc.array(fc.array(fc.nat(), { maxLength: 2 }), { minLength: 1, maxLength: 200, size: 'max' }); // prettier-ignore
  fc.assert(
    fc.property(histories, fc.array(fc.nat(), { maxLength: 30 }), (history, asked) => {
      const reads = history.map((some, i) => (i === 0 ? [] : some.map((pick) => pick % i)));
      const rules = {
        write: (id: IntentId) => Number(id),
        reads: (write: number) => reads[write]!.map(id),
        make: (_write: number, read: readonly number[]) => read.reduce((a, b) => (a + b) % 997, 1),
      };
      const expected: number[] = [];
      for (const some of reads) expected.push(some.reduce((a, i) => (a + expected[i]!) % 997, 1));
      const versions = new Versions<number, number>(rules);
      for (const pick of asked) {
        const write = pick % reads.length;
        expect(versions.of(id(write))).toBe(expected[write]);
      }
    }),
  );
  const chain = new Versions<number, number>({
    write: Number,
    reads: (write) => (write === 0 ? [] : [id(write - 1)]),
    make: (_write, [before = 0]) => before + 1,
  });
  expect(chain.of(id(99_999))).toBe(100_000);
});

test('values that stand beside each other are sorted, numbers by what they count', () => {
  const values = ['b', 10, null, 'a', 9, true, false, ''];
  const sorted = [null, false, true, 9, 10, '', 'a', 'b'];
  expect(values.sort(compareScalars)).toEqual(sorted);
  const pieces = values.map((content) => ({ atom: { intent: id('x'), index: 0 }, content }));
  expect(boardOf([{ kind: 'value', key: 'k', pieces }]).value.get('k')).toEqual(sorted);
});
