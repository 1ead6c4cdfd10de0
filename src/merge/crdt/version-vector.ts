import type { Dot } from '../dot.ts';
import { keyOf, type ReplicaKey } from '../intent.ts';

/**
 * Which changes have been here: the newest of each replica, for those of one replica come in their
 * order. It takes the place of tombstones: what is in here and nowhere else has been taken away;
 * what is not in here has not come yet.
 */
export class VersionVector {
  private readonly newest = new Map<ReplicaKey, number>();

  has({ author, number }: Dot): boolean {
    return number <= (this.newest.get(keyOf(author)) ?? 0);
  }

  /** False, and nothing changes, if it was in before. */
  add(dot: Dot): boolean {
    if (this.has(dot)) return false;
    this.newest.set(keyOf(dot.author), dot.number);
    return true;
  }
}
