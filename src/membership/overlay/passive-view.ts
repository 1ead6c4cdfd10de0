import { shuffled } from '../../runtime/shuffled.ts';
import type { NodeId } from '../../vocabulary.ts';

/** HyParView keeps 30 of 10,000; of a class it is nearly everybody. */
export const MAX_PASSIVE = 24;

/**
 * Nodes that this one has no link to but could make one to: a bounded sample of all, which shuffles
 * keep mixing. Who is in it was somebody's neighbour not long ago.
 */
export class PassiveView {
  private readonly ids = new Set<NodeId>();
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  all(): readonly NodeId[] {
    return [...this.ids];
  }

  has(id: NodeId): boolean {
    return this.ids.has(id);
  }

  /** In a full view it takes the place of somebody. */
  add(id: NodeId): void {
    if (this.ids.has(id)) return;
    if (this.ids.size === MAX_PASSIVE) this.ids.delete(this.sample(1)[0]!);
    this.ids.add(id);
  }

  delete(id: NodeId): void {
    this.ids.delete(id);
  }

  /** Only these could be linked to. */
  keep(contacts: ReadonlySet<NodeId>): void {
    for (const id of this.ids) if (!contacts.has(id)) this.ids.delete(id);
  }

  /** In a full view or a room that small, fewer. */
  sample(count: number): NodeId[] {
    return shuffled(this.all(), this.random).slice(0, count);
  }
}
