import { encodeBody } from '../../wire/body.ts';
import { crc32 } from '../../wire/crc32.ts';
import type { AutomergeLibrary, BoardDoc } from './library.ts';

/** A counter, a text or a list: an object that is made once and then changed. */
export type BornKind = 'counter' | 'text' | 'list';

/**
 * Makes the object of a field by a change that comes out the same at every replica, byte for byte. Were
 * it made by whoever edits first, two who begin at once would make two, of which Automerge shows one.
 */
export function birthOf(
  automerge: AutomergeLibrary,
  kind: BornKind,
  name: string,
): Uint8Array<ArrayBufferLike> {
  const empty = automerge.init<{ [name: string]: unknown }>({ actor: nobody(name) });
  const born = automerge.change(empty, { time: 0 }, (doc) => {
    doc[name] = kind === 'counter' ? new automerge.Counter(0) : kind === 'text' ? '' : [];
  });
  const change = automerge.getLastLocalChange(born)!;
  automerge.free(born);
  return change;
}

export function isBorn(doc: BoardDoc, name: string): boolean {
  return doc[name] !== undefined;
}

/** As Automerge calls that object. */
export function objectOf(name: string): string {
  return `1@${nobody(name)}`;
}

/** An author that is no replica: all of those are longer. */
function nobody(name: string): string {
  const bytes = encodeBody(name);
  const halves = [crc32(bytes, 0, bytes.length), crc32(bytes.slice().reverse(), 0, bytes.length)];
  return halves.map((half) => half.toString(16).padStart(8, '0')).join('');
}
