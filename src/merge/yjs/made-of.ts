import * as Y from 'yjs';
import type { Atom, Provenance } from '../engine.ts';
import { MAP_KINDS, readMemberKey, type BoardDoc } from './board-doc.ts';
import type { DeedLog } from './deed-log.ts';

/** Of whose intents the document is made, field by field: read off Yjs's own items. */
export function madeOf(board: BoardDoc, deeds: DeedLog): readonly Provenance[] {
  return [
    ...MAP_KINDS.flatMap((kind) => ofMap(kind, board, deeds)),
    ...(['text', 'list'] as const).flatMap((kind) =>
      board.keysOf(kind).map((key) => {
        const type = kind === 'text' ? board.text(key) : board.list(key);
        return { kind, key, atoms: ofSequence(type._start, deeds) };
      }),
    ),
  ];
}

function ofMap(
  kind: (typeof MAP_KINDS)[number],
  { doc, values, counters, members }: BoardDoc,
  deeds: DeedLog,
): Provenance[] {
  const map = { value: values, counter: counters, set: members }[kind];
  const fields = new Map<string, Atom[]>();
  for (const name of [...map._map.keys()].sort()) {
    const item = map._map.get(name)!;
    const key = kind === 'set' ? readMemberKey(name)[0] : name;
    const atoms = item.deleted
      ? []
      : kind === 'counter'
        ? lineage(doc, item, deeds)
        : atomsOf(item, deeds);
    fields.set(key, [...(fields.get(key) ?? []), ...atoms]);
  }
  return Array.from(fields, ([key, atoms]) => ({ kind, key, atoms }));
}

/**
 * A counter is a number that was read, changed and written: it counts what was written into what it
 * was read from, and into what that was read from. Yjs keeps which item each write came upon.
 */
function lineage(doc: Y.Doc, newest: Y.Item, deeds: DeedLog): Atom[] {
  const atoms: Atom[] = [];
  let item: Y.Item | Y.GC = newest;
  let upTo = newest.id.clock + newest.length;
  while (item instanceof Y.Item) {
    // Overwritten items of one client in a row are one to Yjs.
    for (let clock = upTo - 1; clock >= item.id.clock; clock--) {
      const written = deeds.writtenAt(item.id.client, clock);
      if (written) atoms.push({ intent: written.id, index: 0 });
      // A value that waited, or was hidden by one that did, was not read.
      if (written?.afresh) return atoms.reverse();
    }
    if (item.origin === null) break;
    upTo = item.origin.clock + 1;
    item = Y.getItem(doc.store, item.origin);
  }
  return atoms.reverse();
}

function ofSequence(start: Y.Item | null, deeds: DeedLog): Atom[] {
  const atoms: Atom[] = [];
  for (let item = start; item !== null; item = item.right) {
    if (!item.deleted && item.countable) atoms.push(...atomsOf(item, deeds));
  }
  return atoms;
}

function atomsOf({ id, length }: Y.Item, deeds: DeedLog): Atom[] {
  const atoms: Atom[] = [];
  for (let clock = id.clock; clock < id.clock + length; clock++) {
    const atom = deeds.atomOf(id.client, clock);
    if (atom) atoms.push(atom);
  }
  return atoms;
}
