import fc from 'fast-check';
import { MAX_POSITION, type Deed } from '../../src/merge/intent.ts';

/**
 * Edits of one field of each kind, mostly, so that they meet; more that put something there than that
 * take it; positions near the beginning, and sometimes far beyond the end.
 */
export function anyDeed(keys: readonly string[] = ['a', 'a', 'a', 'b']): fc.Arbitrary<Deed> {
  const key = fc.constantFrom(...keys);
  const position = fc.oneof({ weight: 9, arbitrary: fc.nat(7) }, fc.constant(MAX_POSITION));
  const item = fc.constantFrom('milk', 'eggs');
  const text = fc.string({ unit: fc.constantFrom(...'abcé '), minLength: 1, maxLength: 6 });
  const value = fc.oneof(fc.nat(9), text, fc.constantFrom(null, true, false, ''));
  const one = <Do extends string>(what: Do) => fc.constant(what);
  const often = (arbitrary: fc.Arbitrary<Deed>) => ({ weight: 2, arbitrary });
  return fc.oneof(
    often(fc.record({ do: one('set'), key, value })),
    often(fc.record({ do: one('increment'), key, by: fc.integer({ min: -3, max: 9 }) })),
    often(fc.record({ do: one('add'), key, item })),
    fc.record({ do: one('remove'), key, item }),
    often(fc.record({ do: one('type'), key, position, text })),
    fc.record({ do: one('erase'), key, position, count: fc.integer({ min: 1, max: 5 }) }),
    often(fc.record({ do: one('insert'), key, position, item })),
    fc.record({ do: one('drop'), key, position: fc.nat(2) }),
    fc.record({ do: one('move'), key, from: fc.nat(2), to: position }),
  );
}
