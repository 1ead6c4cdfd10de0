import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDots } from '../../../src/merge/dot.ts';
import { Counter } from '../../../src/merge/crdt/counter.ts';
import { idsOf, play, dotOf, someOrder, turns } from './causal-session.ts';
import { counter } from './subjects.ts';

test('CRDT-4 a counter is the sum of all increments, each of them once', () => {
  const by = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: -1_000, max: 1_000 })));
  fc.assert(
    fc.property(by, (increments) => {
      const count = new Counter();
      const dots = increments.map(([who], i) => dotOf(who, i + 1));
      for (const [i, [, amount]] of increments.entries()) {
        count.apply({ dot: dots[i]!, by: amount });
        count.apply({ dot: dots[i]!, by: amount });
      }
      expect(count.value).toBe(increments.reduce((sum, [, amount]) => sum + amount, 0));
      expect(idsOf(count.increments)).toEqual(idsOf(dots.sort(compareDots)));
    }),
  );
});

test('CRDT-4 sums too large to be exact are the same everywhere all the same', () => {
  fc.assert(
    fc.property(turns, fc.array(fc.nat(), { minLength: 1 }), (script, picks) => {
      const { log } = play(counter, script);
      const [inOrder, shuffled] = [new Counter(), new Counter()];
      for (const { change } of log) inOrder.apply(change);
      for (const at of someOrder(log, picks)) shuffled.apply(log[at]!.change);
      expect(shuffled.value).toBe(inOrder.value);
    }),
  );
});
