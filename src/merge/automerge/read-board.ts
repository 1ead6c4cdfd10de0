import type { BoardValue } from '../engine.ts';
import type { Scalar } from '../intent.ts';
import { readFieldName } from './field-name.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';

/** What people see of the document. @param names of all that was ever touched, sorted */
export function readBoard(
  automerge: AutomergeLibrary,
  doc: BoardDoc,
  names: readonly string[],
): BoardValue {
  const value = new Map<string, Scalar | readonly Scalar[]>();
  const counter = new Map<string, number>();
  const set = new Map<string, string[]>();
  const text = new Map<string, string>();
  const list = new Map<string, string[]>();
  for (const name of names) {
    const { kind, key, item } = readFieldName(name);
    const present = doc[name];
    if (kind === 'value') value.set(key, valueOf(automerge, doc, name));
    else if (kind === 'counter') counter.set(key, Number(present));
    else if (kind === 'text') text.set(key, String(present));
    else if (kind === 'list') list.set(key, (present as unknown[]).map(String));
    else {
      const items = set.get(key) ?? [];
      set.set(key, items);
      if (present !== undefined) items.push(item!);
    }
  }
  for (const items of set.values()) items.sort();
  return { value, counter, set, text, list };
}

/** One value, or all that were written at once, sorted by what they look like. */
function valueOf(
  automerge: AutomergeLibrary,
  doc: BoardDoc,
  name: string,
): Scalar | readonly Scalar[] {
  const conflicts = automerge.getConflicts(doc, name);
  const kept = Object.values(conflicts ?? { only: doc[name] }).map(scalarOf);
  if (kept.length === 1) return kept[0]!;
  return kept.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function scalarOf(value: unknown): Scalar {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : String(value);
}
