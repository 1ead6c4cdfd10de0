import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ObservedRemoveSet } from '../../../src/merge/crdt/observed-remove-set.ts';
import { play, dotOf, turns, type Written } from './causal-session.ts';
import { set } from './subjects.ts';

type Change = Parameters<typeof set.apply>[1];

/** Straight from the definition: in is what was added by somebody, and by nobody removed who knew of it. */
function model(log: readonly Written<Change>[], known: readonly number[]): string[] {
  const isStanding = (added: number) =>
    !known.some((at) => {
      const { change, past } = log[at]!;
      return 'additions' in change && change.item === log[added]!.change.item && past.has(added);
    });
  const added = known.filter((at) => !('additions' in log[at]!.change));
  return [...new Set(added.filter(isStanding).map((at) => log[at]!.change.item))].sort();
}

test('CRDT-5 an item is in if it was added, and no removal knew of that addition', () => {
  fc.assert(
    fc.property(turns, (script) => {
      const { log, replicas, orders } = play(set, script);
      for (const [i, replica] of replicas.entries()) {
        expect(replica.items).toEqual(model(log, orders[i]!));
      }
    }),
    { numRuns: 300 },
  );
});

test('CRDT-5 who adds wins over who removes at the same time', () => {
  const items = new ObservedRemoveSet();
  items.add({ dot: dotOf(0, 1), item: 'milk' });
  const removal = items.removing(dotOf(0, 2), 'milk');
  items.add({ dot: dotOf(1, 1), item: 'milk' });
  items.remove(removal);
  expect(items.items).toEqual(['milk']);
});

/** What is reachable from a value: its numbers, texts and the entries of its maps. */
function pieces(value: unknown): number {
  if (value instanceof Map) return pieces(Array.from(value).flat());
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + pieces(part), 1);
}

test('CRDT-6 however much is removed, nothing is kept of it', () => {
  const items = new ObservedRemoveSet();
  const addAndRemove = (item: string, number: number) => {
    items.add({ dot: dotOf(0, number), item });
    items.remove(items.removing(dotOf(0, number + 1), item));
  };
  addAndRemove('milk', 1);
  const before = pieces(items);
  for (let number = 3; number < 4_000; number += 2) addAndRemove(`item ${number}`, number);
  expect(items.items).toEqual([]);
  expect(pieces(items)).toBe(before);
});

test('CRDT-6 an addition that comes again after its removal stays removed', () => {
  const items = new ObservedRemoveSet();
  const addition = { dot: dotOf(0, 1), item: 'milk' };
  items.add(addition);
  items.remove(items.removing(dotOf(1, 1), 'milk'));
  items.add(addition);
  expect(items.has('milk')).toBe(false);
});
