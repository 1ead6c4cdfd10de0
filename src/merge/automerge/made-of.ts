import type { Atom, Conflict, Provenance } from '../engine.ts';
import { fieldName, readFieldName } from './field-name.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';
import type { WrittenOps } from './written.ts';

const ROOT = '_root';

/** The ids of all values that stand under a key: more than one where concurrent ones are kept. */
function idsOf(automerge: AutomergeLibrary, doc: BoardDoc, object: string, at: string | number) {
  return automerge
    .getBackend(doc)
    .getAll(object, at)
    .map((value) => value.at(-1) as string);
}

/**
 * Of whose intents the document is made, field by field, kept conflicts included.
 *
 * @param counted the increments that the document holds, by the field's name
 */
export function madeOf(
  automerge: AutomergeLibrary,
  doc: BoardDoc,
  written: WrittenOps,
  touched: readonly string[],
  counted: ReadonlyMap<string, readonly Atom[]>,
): readonly Provenance[] {
  const fields = new Map<string, Provenance & { readonly atoms: Atom[] }>();
  for (const name of touched) {
    const { kind, key } = readFieldName(name);
    const field = fields.get(fieldName(kind, key)) ?? { kind, key, atoms: [] };
    fields.set(fieldName(kind, key), field);
    if (kind === 'counter') field.atoms.push(...(counted.get(name) ?? []));
    else if (kind === 'text' || kind === 'list')
      field.atoms.push(...ofSequence(automerge, doc, name, written));
    else
      field.atoms.push(...idsOf(automerge, doc, ROOT, name).flatMap((id) => written.atomsOf(id)));
  }
  return [...fields.values()];
}

function ofSequence(
  automerge: AutomergeLibrary,
  doc: BoardDoc,
  name: string,
  written: WrittenOps,
): Atom[] {
  const sequence = doc[name];
  if (Array.isArray(sequence)) {
    const object = idsOf(automerge, doc, ROOT, name)[0]!;
    return sequence.flatMap((_, at) =>
      idsOf(automerge, doc, object, at).flatMap((id) => written.atomsOf(id)),
    );
  }
  const atoms: Atom[] = [];
  const { length } = String(sequence ?? '');
  let last = '';
  for (let at = 0; at < length; at++) {
    const id = automerge.getCursor(doc, [name], at);
    // Both units of a wide character have one cursor, and both atoms were taken with the first.
    if (id !== last) atoms.push(...written.atomsOf(id));
    last = id;
  }
  return atoms;
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
