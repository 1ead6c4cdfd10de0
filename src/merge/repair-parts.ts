import { encodedBytes } from '../wire/plain-copy.ts';
import {
  MAX_TOGETHER,
  MAX_TOGETHER_BYTES,
  type Kind,
  type ToldOperation,
  type ToldRecord,
} from './messages.ts';

/** One answer: half a second of a link of 8 Mbit/s. Who lacks more compares again. */
export const MAX_ANSWER_BYTES = 512 * 1024;

/** Keys and lengths around an operation. */
const BYTES_BESIDE_AN_OPERATION = 40;

type Piece =
  | { readonly bytes: number; readonly record: ToldRecord }
  | { readonly bytes: number; readonly operation: ToldOperation };

/**
 * What another lacks, in messages that fit into frames. Records and the operations of each engine go
 * side by side, so that whoever got half of it has half of each.
 */
export function repairParts(
  records: readonly ToldRecord[],
  operations: readonly (readonly ToldOperation[])[],
): Kind<'repair'>[] {
  const pieces = woven([
    records.map((record): Piece => ({ record, bytes: encodedBytes(record) })),
    ...operations.map((ofEngine) =>
      ofEngine.map((operation): Piece => {
        return { operation, bytes: operation.operation.length + BYTES_BESIDE_AN_OPERATION };
      }),
    ),
  ]);
  const parts: Piece[][] = [];
  let [sum, total] = [0, 0];
  let sent = 0;
  for (const piece of pieces) {
    if (total > 0 && total + piece.bytes > MAX_ANSWER_BYTES) break;
    const part = parts.at(-1);
    if (part && part.length < MAX_TOGETHER && sum + piece.bytes <= MAX_TOGETHER_BYTES) {
      part.push(piece);
      sum += piece.bytes;
    } else {
      parts.push([piece]);
      sum = piece.bytes;
    }
    total += piece.bytes;
    sent += 1;
  }
  return parts.map((part, i) => ({
    type: 'repair',
    records: part.flatMap((piece) => ('record' in piece ? [piece.record] : [])),
    operations: part.flatMap((piece) => ('operation' in piece ? [piece.operation] : [])),
    more: i === parts.length - 1 && sent < pieces.length,
  }));
}

/** Each list in its order, and all of them evenly side by side. */
function woven<Item>(lists: readonly (readonly Item[])[]): Item[] {
  return lists
    .flatMap((list) => list.map((item, i) => ({ item, at: i / list.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
