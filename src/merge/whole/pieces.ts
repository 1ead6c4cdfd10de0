import type { Atom } from '../engine.ts';
import { MAX_POSITION, type Deed, type IntentId, type Scalar } from '../intent.ts';

/**
 * What stands in a field, taken as a whole, and whose it is: the pieces of a text are its UTF-16 units,
 * those of a counter its increments, those of a list or a set its items, and a value is one piece.
 */
export interface Piece {
  readonly atom: Atom;
  readonly content: Scalar;
}
export type Pieces = readonly Piece[];

/** What comes of it if that intent does this to it. The same pieces if there is nothing to do. */
export function carryOut(deed: Deed, intent: IntentId, before: Pieces): Pieces {
  const piece = (content: Scalar, index = 0): Piece => ({ atom: { intent, index }, content });
  switch (deed.do) {
    case 'set':
      return [piece(deed.value)];
    case 'increment':
      return [...before, piece(deed.by)];
    case 'add':
      return [...before, piece(deed.item)];
    case 'remove': {
      const rest = before.filter(({ content }) => content !== deed.item);
      return rest.length === before.length ? before : rest;
    }
    case 'type': {
      const room = Math.max(0, MAX_POSITION - before.length);
      // By units and not by letters, as positions are.
      const typed = deed.text.slice(0, room).split('').map(piece);
      return spliced(before, deed.position, 0, typed);
    }
    case 'erase':
      return spliced(before, deed.position, deed.count, []);
    case 'insert':
      return spliced(before, deed.position, 0, before.length < MAX_POSITION ? [piece(deed.item)] : []); // prettier-ignore
    case 'drop':
      return spliced(before, deed.position, 1, []);
    case 'move': {
      const moved = before[deed.from];
      if (moved === undefined) return before;
      return spliced(before.toSpliced(deed.from, 1), deed.to, 0, [piece(moved.content)]);
    }
  }
}

/** A position beyond the end is the end. */
function spliced(before: Pieces, position: number, count: number, typed: Pieces): Pieces {
  const isNothing = typed.length === 0 && (count === 0 || position >= before.length);
  return isNothing ? before : before.toSpliced(position, count, ...typed);
}
