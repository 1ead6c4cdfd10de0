import type { Dot } from '../dot.ts';
import type { Atom, BoardValue, Conflict, Provenance } from '../engine.ts';
import { idOf, KINDS, type Kind, type Scalar } from '../intent.ts';
import { compareScalars } from '../whole/board.ts';
import type { Fields } from './fields.ts';
import type { ObservedRemoveSet } from './observed-remove-set.ts';
import type { Register } from './register.ts';
import type { Sequence } from './sequence.ts';

export function valueOf(fields: Fields): BoardValue {
  return {
    value: fields.value.mapped(scalarsOf),
    counter: fields.counter.mapped(({ value }) => value),
    set: fields.set.mapped(({ items }) => items),
    text: fields.text.mapped((text) => Array.from(text.visible()).join('')),
    list: fields.list.mapped(({ texts }) => texts),
  };
}

/** Cells with more than one value, and items with more than one place. */
export function conflictsOf(fields: Fields): Conflict[] {
  const cells = fields.value.mapped((cell) => [cell.siblings.map(({ dot }) => dot)]);
  const items = fields.list.mapped(({ standing }) => standing);
  return [...conflictsIn('value', cells), ...conflictsIn('list', items)];
}

export function provenanceOf(fields: Fields): Provenance[] {
  const atoms: { readonly [K in Kind]: ReadonlyMap<string, readonly Atom[]> } = {
    value: fields.value.mapped((cell) => cell.siblings.map(({ dot }) => whole(dot))),
    counter: fields.counter.mapped(({ increments }) => increments.map(whole)),
    set: fields.set.mapped(additionsIn),
    text: fields.text.mapped(charactersOf),
    list: fields.list.mapped(({ standing }) => standing.flat().map(whole)),
  };
  return KINDS.flatMap((kind) => Array.from(atoms[kind], ([key, atoms]) => ({ kind, key, atoms })));
}

function scalarsOf(cell: Register<Scalar>): Scalar | readonly Scalar[] {
  const values = cell.siblings.map(({ value }) => value);
  return values.length === 1 ? values[0]! : values.sort(compareScalars);
}

function conflictsIn(kind: Kind, places: ReadonlyMap<string, readonly (readonly Dot[])[]>) {
  return Array.from(places).flatMap(([key, dots]) =>
    dots.filter(({ length }) => length > 1).map((some) => ({ kind, key, between: some.map(idOf) })),
  );
}

function additionsIn(set: ObservedRemoveSet): Atom[] {
  return set.items.flatMap((item) => set.additionsOf(item)).map(whole);
}

function charactersOf(text: Sequence<string>): Atom[] {
  return Array.from(text.origins(), (origin) => ({ intent: idOf(origin), index: origin.index }));
}

/** Of an intent that put one atom only. */
function whole(dot: Dot): Atom {
  return { intent: idOf(dot), index: 0 };
}
