import type { NodeId } from '../vocabulary.ts';

/** Each piece of news is told about three times as often as it takes, doubling, to reach everyone. */
export const TELLING_FACTOR = 3;

/** As many as a roster holds: whoever is pushed out of it is no news any more. */
export const MAX_NEWS = 256;

/** How often each node tells a piece of news in a class of so many. */
export function tellings(nodes: number): number {
  return Math.ceil(TELLING_FACTOR * Math.log2(nodes + 1));
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
