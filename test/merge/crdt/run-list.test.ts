import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunList } from '../../../src/merge/crdt/run-list.ts';
import { newRun, type Run } from '../../../src/merge/crdt/run.ts';
import { dotOf } from './causal-session.ts';

const runOf = (content: string, isVisible: boolean, clock: number): Run<string> =>
  newRun({ author: dotOf(0, 1).author, clock }, content, isVisible);

/** Enough for some blocks; all the same at first, and then whatever comes. */
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('insert', 'insert', 'remove', 'hide or show'),
    which: fc.nat(),
    length: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 60, size: 'max' },
);

test('CRDT-9 a list of runs finds at every position what a plain row of them has there', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.boolean(), steps, (many, isShrinking, steps) => {
      const list = new RunList(runOf('', false, 0));
      const plain: Run<string>[] = [];
      const insert = (at: number, length: number) => {
        const run = runOf('x'.repeat(length), true, plain.length);
        list.insertAfter(plain[at - 1] ?? list.head, run);
        plain.splice(at, 0, run);
      };
      const remove = (at: number) => plain.splice(at, 1).forEach((run) => list.remove(run));
      for (let i = 0; i < many; i++) insert(i, 1);
      for (const { what, which, length } of steps) {
        const at = which % (plain.length + 1);
        const run = plain[at];
        if (what === 'insert') insert(at, length);
        if (what === 'remove') remove(at);
        if (what === 'hide or show' && run !== undefined) {
          list.recounted(run, () => (run.isVisible = !run.isVisible));
        }
      }
      // Whole blocks go.
      if (isShrinking) for (let i = 0; i < many; i++) remove(plain.length >> 1);
      expect(Array.from(list, (run) => plain.indexOf(run))).toEqual([...plain.keys()]);
      const expected = plain.flatMap(({ isVisible, content }, i) =>
        isVisible ? Array.from(content, (_, offset) => ({ i, offset })) : [],
      );
      const found = Array.from({ length: list.visible }, (_, position) => {
        const { run, offset } = list.at(position)!;
        return { i: plain.indexOf(run), offset };
      });
      expect(found).toEqual(expected);
      expect(list.at(list.visible)).toBeNull();
    }),
  );
});
