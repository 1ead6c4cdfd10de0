import { compareDots, type Dot } from '../dot.ts';
import { idOf, type IntentId } from '../intent.ts';
import { VersionVector } from './version-vector.ts';

export interface Addition {
  readonly dot: Dot;
  readonly item: string;
}

export interface Removal {
  readonly dot: Dot;
  readonly item: string;
  /** Of all additions of the item that the author had seen, and that still stood. */
  readonly additions: readonly Dot[];
}

/**
 * An observed-remove set without tombstones. An item is the set of its additions, and is in as long
 * as there is one. A removal names the additions that its author saw, so one that came without its
 * knowledge stays: who adds wins over who removes at the same time.
 *
 * Nothing is kept of what was removed. That an addition has been here and is gone, and has not still
 * to come, the version vector tells: one number a replica, however much is removed.
 *
 * Changes come in causal order, once or more often.
 */
export class ObservedRemoveSet {
  private readonly members = new Map<string, Map<IntentId, Dot>>();
  private readonly seen = new VersionVector();

  /** Takes away what stands of the item now. Nothing happens until it is applied. */
  removing(dot: Dot, item: string): Removal {
    return { dot, item, additions: this.additionsOf(item) };
  }

  add({ dot, item }: Addition): void {
    if (!this.seen.add(dot)) return;
    let dots = this.members.get(item);
    if (dots === undefined) this.members.set(item, (dots = new Map()));
    dots.set(idOf(dot), dot);
  }

  remove({ dot, item, additions }: Removal): void {
    if (!this.seen.add(dot)) return;
    const dots = this.members.get(item);
    if (dots === undefined) return;
    for (const addition of additions) dots.delete(idOf(addition));
    if (dots.size === 0) this.members.delete(item);
  }

  has(item: string): boolean {
    return this.members.has(item);
  }

  get items(): readonly string[] {
    return Array.from(this.members.keys()).sort();
  }

  /** Those that nobody has removed, in the order of their dots. */
  additionsOf(item: string): readonly Dot[] {
    return Array.from(this.members.get(item)?.values() ?? []).sort(compareDots);
  }
}
