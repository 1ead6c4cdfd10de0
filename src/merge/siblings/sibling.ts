import { compareDots, type Dot } from '../dot.ts';
import { keyOf, knows, type ReplicaKey, type Seen } from '../intent.ts';
import type { Pieces } from '../whole/pieces.ts';

/**
 * One value of a field with its dotted version vector, by Preguiça, Baquero, Almeida, Fonte and
 * Gonçalves (2010): the dot says which write made it, the vector which writes were known to that one.
 * A vector alone could not tell two writes apart that both know the same, and one would be lost.
 */
export interface Sibling extends Dot {
  /** Of the writes to this field: up to which number of each replica. */
  readonly past: Seen;
  readonly pieces: Pieces;
}

/** The past of a write that has read these: they, and all that they knew. */
export function pastOf(read: readonly Sibling[]): Seen {
  const past = new Map<ReplicaKey, number>();
  const include = (key: ReplicaKey, number: number) => {
    past.set(key, Math.max(past.get(key) ?? 0, number));
  };
  for (const sibling of read) {
    for (const [key, number] of sibling.past) include(key, number);
    include(keyOf(sibling.author), sibling.number);
  }
  return past;
}

/** The siblings of a field once `written` is one: it takes the place of those that it knew, and of no other. */
export function withSibling<S extends Sibling>(siblings: readonly S[], written: S): readonly S[] {
  const others = siblings.filter((sibling) => !knows(written.past, sibling));
  return [...others, written].sort(compareDots);
}
