import type { Deed, Scalar } from '../intent.ts';
import { fieldName } from './field-name.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';

type Draft = { [name: string]: unknown };

/** The name of the object that a deed changes, if it is one that has to be born first. */
export function nameOf(deed: Deed): string {
  switch (deed.do) {
    case 'set':
      return fieldName('value', deed.key);
    case 'increment':
      return fieldName('counter', deed.key);
    case 'add':
    case 'remove':
      return fieldName('set', deed.key, deed.item);
    case 'type':
    case 'erase':
      return fieldName('text', deed.key);
    case 'insert':
    case 'drop':
    case 'move':
      return fieldName('list', deed.key);
  }
}

/** Does this deed change anything in this document, where its object has been born if it has to be? */
export function changesAnything(doc: BoardDoc, deed: Deed): boolean {
  const present = doc[nameOf(deed)];
  switch (deed.do) {
    case 'set':
    case 'increment':
    case 'add':
    case 'type':
    case 'insert':
      return true;
    case 'remove':
      return present !== undefined;
    case 'erase':
      return deed.position < String(present ?? '').length;
    case 'drop':
      return deed.position < lengthOf(present);
    case 'move':
      return (
        deed.from < lengthOf(present) && deed.from !== Math.min(deed.to, lengthOf(present) - 1)
      );
  }
}

/** Within a change. Only what `changesAnything`. */
export function perform(automerge: AutomergeLibrary, draft: Draft, deed: Deed): void {
  const name = nameOf(deed);
  switch (deed.do) {
    case 'set':
      return write(draft, name, asValue(automerge, deed.value));
    case 'increment':
      return (draft[name] as { increment(by: number): void }).increment(deed.by);
    case 'add':
      return write(draft, name, true);
    case 'remove':
      delete draft[name];
      return;
    case 'type': {
      const at = Math.min(deed.position, String(draft[name]).length);
      return automerge.splice(draft, [name], at, 0, deed.text);
    }
    case 'erase': {
      const length = String(draft[name]).length;
      const count = Math.min(deed.count, length - deed.position);
      return automerge.splice(draft, [name], deed.position, count);
    }
    case 'insert': {
      const list = draft[name] as unknown[];
      const item = new automerge.ImmutableString(deed.item);
      return automerge.insertAt(list, Math.min(deed.position, list.length), item);
    }
    case 'drop':
      return automerge.deleteAt(draft[name] as unknown[], deed.position, 1);
    case 'move': {
      const list = draft[name] as unknown[];
      const item = new automerge.ImmutableString(String(list[deed.from]));
      const to = Math.min(deed.to, list.length - 1);
      automerge.deleteAt(list, deed.from, 1);
      return automerge.insertAt(list, to, item);
    }
  }
}

/** A string of Automerge's is a text that many write, and a large number an integer that JavaScript cannot read. */
function asValue(automerge: AutomergeLibrary, value: Scalar): unknown {
  if (typeof value === 'string') return new automerge.ImmutableString(value);
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    return new automerge.Float64(value);
  return value;
}

/** Automerge writes nothing where the same stands already; but who says it again means it. */
function write(draft: Draft, name: string, value: unknown): void {
  if (draft[name] !== undefined) delete draft[name];
  draft[name] = value;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
