import * as v from 'valibot';
import type { Incarnation, NodeId } from '../../vocabulary.ts';
import { checkOf, REFUSED } from '../../wire/schema-check.ts';
import { numberSchema, type Dot } from '../dot.ts';
import { deedSchema, MAX_INTENTS, MAX_TYPED_LENGTH, replicaSchema, type Replica } from '../intent.ts'; // prettier-ignore
import type { CausalChange, Change } from './change.ts';
import type { ElementId, ElementRange } from './run.ts';
import type { Place } from './sequence.ts';
import { tupleOf } from '../tuple-of.ts';

/** Everybody types as much as may be typed at once, for as long as there is room. */
export const MAX_ELEMENTS = MAX_INTENTS * MAX_TYPED_LENGTH;

const { node, life } = replicaSchema.entries;
/** What its own author made is named by its number alone, for that is most of what a change names. */
type Named = number | readonly [NodeId, Incarnation, number];
const named = (number: v.GenericSchema<number>) => {
  const [own, anothers] = [checkOf(number), checkOf(tupleOf(node, life, number))];
  return v.custom<Named>((x) => (typeof x === 'number' ? own(x) : anothers(x)) !== REFUSED);
};

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_ELEMENTS));
const dot = named(numberSchema);
const dots = v.array(dot);
const element = named(count);
const ranges = v.array(tupleOf(element, count));
const place = tupleOf(v.nullable(element), v.picklist(['left', 'right']));

const [set, increment, add, , type, , insert] = deedSchema.options;
const { key, item } = add.entries;
const changeSchema = v.variant('do', [
  v.object({ ...set.entries, replaces: dots }),
  increment,
  add,
  v.object({ do: v.literal('remove'), key, item, additions: dots }),
  v.object({ do: type.entries.do, key, place, text: type.entries.text }),
  v.object({ do: v.literal('erase'), key, ranges }),
  v.object({ do: insert.entries.do, key, place, text: item }),
  v.object({ do: v.literal('drop'), key, item: dot, replaces: dots }),
  v.object({ do: v.literal('move'), key, item: dot, replaces: dots, place }),
]);
type OnWire = v.InferOutput<typeof changeSchema>;

/** How a causal change travels: its past, and what it does. */
export const wireChangeSchema = tupleOf(dots, changeSchema);
export type WireChange = v.InferOutput<typeof wireChangeSchema>;

export function toWire({ past, change }: CausalChange, by: Replica): WireChange {
  return [nameAll(past, by), changeToWire(change, by)];
}

export function fromWire([past, change]: WireChange, by: Replica): CausalChange {
  return { past: readAll(past, by), change: changeFromWire(change, by) };
}

/** Only the past. */
export function pastFromWire([past]: WireChange, by: Replica): readonly Dot[] {
  return readAll(past, by);
}

function changeToWire(change: Change, by: Replica): OnWire {
  switch (change.do) {
    case 'increment':
    case 'add':
      return change;
    case 'set':
      return { ...change, replaces: nameAll(change.replaces, by) };
    case 'remove':
      return { ...change, additions: nameAll(change.additions, by) };
    case 'type':
    case 'insert':
      return { ...change, place: placeToWire(change.place, by) };
    case 'erase':
      return { ...change, ranges: change.ranges.map((range) => rangeToWire(range, by)) };
    case 'drop':
    case 'move': {
      const item = name(change.item, change.item.number, by);
      const replaces = nameAll(change.replaces, by);
      if (change.do === 'drop') return { ...change, item, replaces };
      return { ...change, item, replaces, place: placeToWire(change.place, by) };
    }
  }
}

function changeFromWire(change: OnWire, by: Replica): Change {
  switch (change.do) {
    case 'increment':
    case 'add':
      return change;
    case 'set':
      return { ...change, replaces: readAll(change.replaces, by) };
    case 'remove':
      return { ...change, additions: readAll(change.additions, by) };
    case 'type':
    case 'insert':
      return { ...change, place: placeFromWire(change.place, by) };
    case 'erase':
      return { ...change, ranges: change.ranges.map((range) => rangeFromWire(range, by)) };
    case 'drop':
    case 'move': {
      const item = read(change.item, by);
      const replaces = readAll(change.replaces, by);
      if (change.do === 'drop') return { ...change, item, replaces };
      return { ...change, item, replaces, place: placeFromWire(change.place, by) };
    }
  }
}

type Name = v.InferOutput<typeof dot>;

function name({ author }: { readonly author: Replica }, number: number, by: Replica): Name {
  const isOwn = author.node === by.node && author.life === by.life;
  return isOwn ? number : [author.node, author.life, number];
}

function read(named: Name, by: Replica): Dot {
  if (typeof named === 'number') return { author: by, number: named };
  const [node, life, number] = named;
  return { author: { node, life }, number };
}

function nameAll(all: readonly Dot[], by: Replica): Name[] {
  return all.map((one) => name(one, one.number, by));
}

function readAll(all: readonly Name[], by: Replica): readonly Dot[] {
  return all.map((one) => read(one, by));
}

function elementFromWire(named: Name, by: Replica): ElementId {
  const { author, number: clock } = read(named, by);
  return { author, clock };
}

function placeToWire({ parent, side }: Place, by: Replica): v.InferOutput<typeof place> {
  return [parent && name(parent, parent.clock, by), side];
}

function placeFromWire([parent, side]: v.InferOutput<typeof place>, by: Replica): Place {
  return { parent: parent === null ? null : elementFromWire(parent, by), side };
}

function rangeToWire(range: ElementRange, by: Replica): [Name, number] {
  return [name(range, range.clock, by), range.length];
}

function rangeFromWire([first, length]: [Name, number], by: Replica): ElementRange {
  return { ...elementFromWire(first, by), length };
}
