import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CausalOrder } from '../../src/merge/causal-order.ts';
import type { IntentId } from '../../src/merge/intent.ts';

/** Each depends on some of those before it. */
const items = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 30 })
  .map((picks) =>
    picks.map((some, i) => ({
      id: String(i) as IntentId,
      needs: i === 0 ? [] : some.map((pick) => String(pick % i) as IntentId),
    })),
  );

test('MERGE-4 whatever the order they come in, each is done once and after what it needs', () => {
  fc.assert(
    fc.property(items, fc.infiniteStream(fc.nat()), (all, picks) => {
      const done: IntentId[] = [];
      const order = new CausalOrder<(typeof all)[number]>(
        ({ needs }) => needs,
        ({ id, needs }) => {
          expect(done).toEqual(expect.arrayContaining(needs));
          done.push(id);
        },
      );
      const left = [...all];
      for (let came = 1; left.length > 0; came++) {
        order.take(left.splice(picks.next().value! % left.length, 1)[0]!);
        expect(order.pending).toBe(came - done.length);
      }
      expect(new Set(done).size).toBe(all.length);
      expect(order.pending).toBe(0);
    }),
  );
});
