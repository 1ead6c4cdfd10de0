import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { play, replayed, someOrder, turns, type Subject } from './causal-session.ts';
import { counter, list, register, set, text } from './subjects.ts';

const picks = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 60 });

describe.each([
  ['register', register],
  ['counter', counter],
  ['set', set],
  ['text', text],
  ['list', list],
] as [string, Subject<unknown, unknown>][])('%s', (_, subject) => {
  test('CRDT-1 the same changes in any causal order, also twice, leave the same', () => {
    fc.assert(
      fc.property(turns, picks, picks, (script, one, other) => {
        const session = play(subject, script);
        const first = replayed(subject, session, someOrder(session.log, one));
        expect(replayed(subject, session, someOrder(session.log, other))).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });

  test('CRDT-2 to merge is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(turns, (script) => {
        const session = play(subject, script);
        const [a, b, c] = session.orders as [number[], number[], number[]];
        const merged = (...orders: number[][]) => replayed(subject, session, orders.flat());
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(a, [...b, ...c])).toEqual(merged([...a, ...b], c));
        expect(merged(c, b, a)).toEqual(merged(a, b, c));
        expect(merged(a, a)).toEqual(merged(a));
        expect(merged(a)).toEqual(subject.view(session.replicas[0]));
      }),
      { numRuns: 200 },
    );
  });
});
