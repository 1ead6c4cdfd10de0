import { Counter, type CounterChange } from '../../../src/merge/crdt/counter.ts';
import {
  MovableList,
  type Drop,
  type Insertion,
  type Move,
} from '../../../src/merge/crdt/movable-list.ts';
import {
  ObservedRemoveSet,
  type Addition,
  type Removal,
} from '../../../src/merge/crdt/observed-remove-set.ts';
import { Register, type RegisterChange } from '../../../src/merge/crdt/register.ts';
import type { ElementRange } from '../../../src/merge/crdt/run.ts';
import { Sequence, type Place } from '../../../src/merge/crdt/sequence.ts';
import type { Dot } from '../../../src/merge/dot.ts';
import { idOf } from '../../../src/merge/intent.ts';
import type { Dice, Subject } from './causal-session.ts';

export const register: Subject<Register<number>, RegisterChange<number>> = {
  make: () => new Register(),
  edit: (cell, dot, [what, value]) =>
    what % 5 === 0 ? cell.clearing(dot) : cell.setting(dot, value),
  apply: (cell, change) => cell.apply(change),
  view: (cell) => cell.siblings,
};

export const counter: Subject<Counter, CounterChange> = {
  make: () => new Counter(),
  // Near 2^53 too, where sums are rounded.
  edit: (_, dot, [by, huge]) => ({ dot, by: huge > 30 ? Number.MAX_SAFE_INTEGER - by : 20 - by }),
  apply: (count, change) => count.apply(change),
  view: (count) => ({
    value: count.value,
    increments: count.increments.map(idOf),
  }),
};

export const set: Subject<ObservedRemoveSet, Addition | Removal> = {
  make: () => new ObservedRemoveSet(),
  edit: (items, dot, [what, which]) => {
    const item = 'abcd'[which % 4]!;
    return what % 2 === 0 ? { dot, item } : items.removing(dot, item);
  },
  apply: (items, change) => ('additions' in change ? items.remove(change) : items.add(change)),
  view: (items) => items.items.map((item) => [item, items.additionsOf(item)]),
};

export type TextChange =
  | { readonly dot: Dot; readonly place: Place; readonly text: string }
  | { readonly ranges: readonly ElementRange[] };

/** Anywhere, or near the beginning, where all meet. */
export const positionIn = (length: number, [what, where]: Dice) =>
  where % (what % 2 === 0 ? length + 2 : 3);

export const text: Subject<Sequence<string>, TextChange> = {
  make: () => new Sequence(''),
  edit: (letters, dot, dice) => {
    const [what, , much] = dice;
    const position = positionIn(letters.length, dice);
    if (what % 4 === 0) return { ranges: letters.rangesAt(position, 1 + (much % 5)) };
    const typed = 'the quick brown fox jumps over a lazy dog'.slice(much, much + 1 + (what % 3));
    return typed === '' ? null : { dot, place: letters.placeAt(position), text: typed };
  },
  apply: (letters, change) => {
    if ('text' in change) letters.insert(change.dot, change.place, change.text);
    else for (const range of change.ranges) letters.show(range, false);
  },
  view: (letters) => ({
    text: Array.from(letters.visible()).join(''),
    origins: Array.from(letters.origins()),
    nodes: letters.nodes,
  }),
};

export const list: Subject<MovableList, Insertion | Move | Drop> = {
  make: () => new MovableList(),
  edit: (items, dot, [what, from, to]) => {
    const place = (die: number) => die % (items.length + 1);
    if (what % 5 === 0) return items.dropping(dot, place(from));
    if (what % 5 < 3) return items.moving(dot, place(from), place(to));
    return items.inserting(dot, place(from), `${dot.author.node.at(-1)}.${dot.number}`);
  },
  apply: (items, change) => {
    if ('text' in change) items.insert(change);
    else if ('place' in change) items.move(change);
    else items.drop(change);
  },
  view: (items) => ({ texts: items.texts, standing: items.standing }),
};
