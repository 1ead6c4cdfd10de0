import { compareDots, type Dot } from '../dot.ts';
import { keyOf, knows, kindOf, type Deed, type Kind, type ReplicaKey, type Seen } from '../intent.ts'; // prettier-ignore
import type { Pieces } from '../whole/pieces.ts';
import { unite } from './unite.ts';

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

/** All siblings of a field. */
export class SiblingField {
  readonly kind: Kind;
  readonly key: string;
  readonly siblings: readonly Sibling[];
  private readonly deed: Deed;
  private united: Pieces | null = null;

  /** @param deed any on this field */
  constructor(deed: Deed, siblings: readonly Sibling[]) {
    this.kind = kindOf(deed);
    this.key = deed.key;
    this.siblings = siblings;
    this.deed = deed;
  }

  /** Once that was written: it takes the place of those that it knew, and of no other. */
  with(written: Sibling): SiblingField {
    const others = this.siblings.filter((sibling) => !knows(written.past, sibling));
    return new SiblingField(this.deed, [...others, written].sort(compareDots));
  }

  /** What whoever reads them all sees. */
  get pieces(): Pieces {
    this.united ??= unite(
      this.kind,
      this.siblings.map(({ pieces }) => pieces),
    );
    return this.united;
  }
}
