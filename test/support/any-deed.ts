import fc from 'fast-check';
import { MAX_POSITION, type Deed } from '../../src/merge/intent.ts';

/** Edits of a few fields, so that they often meet in one; positions near the beginning, and sometimes far beyond. */
export function anyDeed(keys: readonly string[] = ['a', 'b']): fc.Arbitrary<Deed> {
  const key = fc.constantFrom(...keys);
  const position = fc.oneof({ weight: 9, arbitrary: fc.nat(12) }, fc.constant(MAX_POSITION));
  const item = fc.constantFrom('milk', 'eggs', 'tea');
  const text = fc.string({ unit: fc.constantFrom(...'abcé '), minLength: 1, maxLength: 6 });
  const value = fc.oneof(fc.nat(9), text, fc.constantFrom(null, true, false, ''));
  return fc.oneof(
    fc.record({ do: fc.constant('set' as const), key, value }),
    fc.record({ do: fc.constant('increment' as const), key, by: fc.integer({ min: -3, max: 9 }) }),
    fc.record({ do: fc.constant('add' as const), key, item }),
    fc.record({ do: fc.constant('remove' as const), key, item }),
    fc.record({ do: fc.constant('type' as const), key, position, text }),
    fc.record({ do: fc.constant('type' as const), key, position, text }),
    fc.record({
      do: fc.constant('erase' as const),
      ...{ key, position, count: fc.integer({ min: 1, max: 5 }) },
    }),
    fc.record({ do: fc.constant('insert' as const), key, position, item }),
    fc.record({ do: fc.constant('drop' as const), key, position }),
    fc.record({ do: fc.constant('move' as const), key, from: position, to: position }),
  );
}
