import { idOf, keyOf, kindOf, type Deed, type IntentId } from '../../../src/merge/intent.ts';
import type { LedgerEntry } from '../../../src/merge/ledger/ledger.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { fieldId, type LostPicture } from './board-picture.ts';

/** More of a text is not needed to know which it is. */
const MAX_PIECE_LENGTH = 40;

interface Piece {
  readonly first: LedgerEntry;
  last: LedgerEntry;
  text: string;
  /** Of a counter. */
  sum: number;
}

/**
 * What an engine has lost, by field, the newest first. What somebody typed in a row and the same write
 * erased is one piece, and so is all that somebody counted.
 *
 * @param entries of one engine's ledger, in its order
 */
export function lostPieces(
  entries: readonly LedgerEntry[],
  nameOf: (node: NodeId) => string,
): ReadonlyMap<string, readonly LostPicture[]> {
  const fields = new Map<string, Piece[]>();
  for (const entry of entries) {
    if (entry.fate !== 'lost') continue;
    const { deed } = entry.intent;
    const field = fieldId({ kind: kindOf(deed), key: deed.key });
    const pieces = fields.get(field) ?? [];
    fields.set(field, pieces);
    const open = pieces.find(({ last }) => goesOn(last, entry));
    if (open === undefined) pieces.push(begun(entry));
    else grow(open, entry);
  }
  const pictured = ({ first, text, sum }: Piece): LostPicture => ({
    intent: idOf(first.intent),
    text: clipped(text === '' ? signed(sum) : text),
    author: nameOf(first.intent.author.node),
    by: first.by && nameOf(first.by.author.node),
  });
  return new Map(
    Array.from(fields, ([field, pieces]) => [field, pieces.map(pictured).reverse()] as const),
  );
}

function begun(entry: LedgerEntry): Piece {
  const { deed } = entry.intent;
  const sum = deed.do === 'increment' ? deed.by : 0;
  return { first: entry, last: entry, text: textOf(deed), sum };
}

function grow(piece: Piece, entry: LedgerEntry): void {
  const { text, sum } = begun(entry);
  piece.last = entry;
  piece.text += text;
  piece.sum += sum;
}

/** The same hand counted on, or typed on where it had stopped. */
function goesOn({ intent: before, by }: LedgerEntry, { intent, by: nextBy }: LedgerEntry): boolean {
  const isCount = before.deed.do === 'increment' && intent.deed.do === 'increment';
  if (isCount) return keyOf(before.author) === keyOf(intent.author);
  return (
    before.deed.do === 'type' &&
    intent.deed.do === 'type' &&
    keyOf(before.author) === keyOf(intent.author) &&
    intent.number === before.number + 1 &&
    intent.deed.position === before.deed.position + before.deed.text.length &&
    eraser(by) === eraser(nextBy)
  );
}

function eraser(by: LedgerEntry['by']): IntentId | null {
  return by && idOf(by);
}

function textOf(deed: Deed): string {
  switch (deed.do) {
    case 'set':
      return deed.value === '' ? '“”' : String(deed.value);
    case 'increment':
      // Its number is added up.
      return '';
    case 'add':
    case 'insert':
      return deed.item;
    case 'type':
      return deed.text;
    case 'move':
      return 'a move';
    case 'remove':
    case 'erase':
    case 'drop':
      return 'a removal';
  }
}

/** With a thin gap: a line through the sign and the number leaves both to be read. */
function signed(sum: number): string {
  return `${sum < 0 ? '−' : '+'}\u2009${Math.abs(sum)}`;
}

function clipped(text: string): string {
  const letters = Array.from(text);
  if (letters.length <= MAX_PIECE_LENGTH) return text;
  return `${letters.slice(0, MAX_PIECE_LENGTH).join('')}…`;
}
