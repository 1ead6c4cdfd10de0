import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idOf } from '../../../src/merge/intent.ts';
import { MovableList } from '../../../src/merge/crdt/movable-list.ts';
import { idsOf, play, dotOf, turns } from './causal-session.ts';
import { list } from './subjects.ts';

/** A list that all begin with. */
function begun(texts: readonly string[]): MovableList {
  const items = new MovableList();
  for (const [i, text] of texts.entries()) items.insert(items.inserting(dotOf(7, i + 1), i, text));
  return items;
}

test('CRDT-10 what one person inserts, drops and moves is what a plain list would be', () => {
  fc.assert(
    fc.property(turns, (script) => {
      const items = new MovableList();
      const plain: string[] = [];
      for (const [i, { dice }] of script.entries()) {
        const change = list.edit(items, dotOf(0, i + 1), dice);
        const from = dice[1] % (plain.length + 1);
        const to = dice[2] % (plain.length + 1);
        if (change !== null && 'text' in change) plain.splice(from, 0, change.text);
        else if (change !== null && 'place' in change)
          plain.splice(to, 0, plain.splice(from, 1)[0]!);
        else if (change !== null) plain.splice(from, 1);
        if (change !== null) list.apply(items, change);
        expect(items.texts).toEqual(plain);
      }
    }),
  );
});

test('CRDT-10 an item is never there twice, and never gone unless somebody dropped it', () => {
  fc.assert(
    fc.property(turns, (script) => {
      const { log, replicas, orders } = play(list, script);
      for (const [i, { texts }] of replicas.entries()) {
        const known = orders[i]!.map((at) => log[at]!.change);
        const inserted = known.flatMap((change) => ('text' in change ? [change] : []));
        const dropped = known.flatMap((change) =>
          'item' in change && !('place' in change) ? [idOf(change.item)] : [],
        );
        expect(new Set(texts).size).toBe(texts.length);
        for (const { dot: id, text } of inserted) {
          if (!dropped.includes(idOf(id))) expect(texts).toContain(text);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('CRDT-11 of two moves at once the list shows one and keeps both, until somebody decides', () => {
  const [ann, bob] = [begun(['a', 'b', 'c']), begun(['a', 'b', 'c'])];
  const toFront = ann.moving(dotOf(0, 1), 1, 0)!;
  const toEnd = bob.moving(dotOf(1, 1), 1, 2)!;
  for (const items of [ann, bob]) for (const move of [toEnd, toFront]) items.move(move);
  expect(ann.texts).toEqual(['a', 'c', 'b']);
  expect(bob.texts).toEqual(ann.texts);
  expect(ann.standing.map(idsOf)).toEqual([
    idsOf([dotOf(7, 1)]),
    idsOf([dotOf(7, 3)]),
    idsOf([dotOf(0, 1), dotOf(1, 1)]),
  ]);

  ann.move(ann.moving(dotOf(0, 2), 2, 0)!);
  expect(ann.texts).toEqual(['b', 'a', 'c']);
  expect(ann.standing.map(idsOf)[0]).toEqual(idsOf([dotOf(0, 2)]));
});

test('CRDT-11 an item that is moved while another drops it stays', () => {
  const [ann, bob] = [begun(['a', 'b', 'c']), begun(['a', 'b', 'c'])];
  const drop = ann.dropping(dotOf(0, 1), 0)!;
  const move = bob.moving(dotOf(1, 1), 0, 2)!;
  for (const items of [ann, bob]) {
    items.drop(drop);
    items.move(move);
  }
  expect(ann.texts).toEqual(['b', 'c', 'a']);
  // Whoever drops it and has seen the winning move only, leaves the other.
  const other = begun(['a', 'b', 'c']);
  const toMiddle = other.moving(dotOf(0, 1), 0, 1)!;
  other.move(move);
  const droppedThere = other.dropping(dotOf(2, 1), 2)!;
  other.move(toMiddle);
  other.drop(droppedThere);
  expect(other.texts).toEqual(['b', 'a', 'c']);
});
