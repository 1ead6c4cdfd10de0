import type { NodeId } from '../vocabulary.ts';

/** Telling in doubling numbers takes log2 N rounds to reach everyone; three times as many are told to be sure. */
export const TELLING_FACTOR = 3;

/** As many as a roster holds: whoever is pushed out of it is no news any more. */
export const MAX_NEWS = 256;

/** How often each node tells a piece of news in a class of so many: by the digits of N in base 2. */
export function tellings(nodes: number): number {
  return TELLING_FACTOR * (32 - Math.clz32(nodes));
}

/**
 * Of whom there is something new to tell. What it is, the roster says when it is told: so the newest
 * word of a node is what goes out, and there is never more than one.
 */
export class News {
  /** How often it was told; the newest are at the end. */
  private readonly told = new Map<NodeId, number>();

  get size(): number {
    return this.told.size;
  }

  add(id: NodeId): void {
    this.told.delete(id);
    this.told.set(id, 0);
    if (this.told.size > MAX_NEWS) this.told.delete(this.told.keys().next().value!);
  }

  /** For one message: what was told least goes first, and of that the newest. */
  take(most: number, nodes: number): readonly NodeId[] {
    const { told } = this;
    if (told.size === 0) return [];
    const limit = tellings(nodes);
    const taken = [...told]
      .reverse()
      .sort(([, a], [, b]) => a - b)
      .slice(0, most);
    for (const [id, times] of taken) {
      if (times + 1 < limit) told.set(id, times + 1);
      else told.delete(id);
    }
    return taken.map(([id]) => id);
  }
}
