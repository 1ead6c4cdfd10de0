import type { Atom, Conflict, Provenance } from '../engine.ts';
import { fieldName, readFieldName } from './field-name.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';
import type { WrittenOps } from './written.ts';

/** What Automerge calls the document itself. */
export const ROOT = '_root';

/** The ids of all values that stand under a key: more than one where concurrent ones are kept. */
function idsOf(automerge: AutomergeLibrary, doc: BoardDoc, object: string, at: string | number) {
  return automerge
    .getBackend(doc)
    .getAll(object, at)
    .map((value) => value.at(-1) as string);
}

/** The atoms that stand in a field, or member of a set, that is no counter; kept conflicts included. */
export function atomsIn(
  automerge: AutomergeLibrary,
  doc: BoardDoc,
  written: WrittenOps,
  name: string,
): Atom[] {
  const { kind } = readFieldName(name);
  const ids = idsOf(automerge, doc, ROOT, name);
  if (kind !== 'text' && kind !== 'list') return ids.flatMap((id) => written.atomsOf(id));
  const atoms: Atom[] = [];
  const { length } = doc[name] as string | unknown[];
  let last = '';
  for (let at = 0; at < length; at++) {
    for (const id of idsOf(automerge, doc, ids[0]!, at)) {
      // Both units of a wide character are one to Automerge, and both atoms were taken with the first.
      if (id !== last) atoms.push(...written.atomsOf(id));
      last = id;
    }
  }
  return atoms;
}

/** Field by field: members of a set are one. */
export function byField(
  names: readonly string[],
  atomsOf: (name: string) => readonly Atom[],
): readonly Provenance[] {
  const fields = new Map<string, Provenance & { readonly atoms: Atom[] }>();
  for (const name of names) {
    const { kind, key } = readFieldName(name);
    const field = fields.get(fieldName(kind, key)) ?? { kind, key, atoms: [] };
    fields.set(fieldName(kind, key), field);
    for (const atom of atomsOf(name)) field.atoms.push(atom);
  }
  return [...fields.values()];
}

/** Values that were written at once: Automerge shows one and keeps all. */
export function conflictsIn(
  automerge: AutomergeLibrary,
  doc: BoardDoc,
  written: WrittenOps,
  touched: readonly string[],
): readonly Conflict[] {
  return touched.flatMap((name) => {
    const { kind, key } = readFieldName(name);
    if (kind !== 'value') return [];
    const ids = idsOf(automerge, doc, ROOT, name);
    if (ids.length < 2) return [];
    const between = ids.flatMap((id) => written.atomsOf(id)).map(({ intent }) => intent);
    return [{ kind, key, between: between.sort() }];
  });
}
