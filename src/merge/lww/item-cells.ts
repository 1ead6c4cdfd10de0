import type { IntentId } from '../intent.ts';
import type { Pieces } from '../whole/pieces.ts';
import { compareStamps, type Stamp } from './stamp.ts';

/**
 * A set with a cell for each item, as in Cassandra. A removal is a write too, a tombstone, and has to
 * stay: it keeps out an addition of a lower stamp which comes late.
 */
export class ItemCells {
  readonly kind = 'set';
  readonly key: string;
  private readonly cells = new Map<string, ItemCell>();

  constructor(key: string) {
    this.key = key;
  }

  get pieces(): Pieces {
    const cells = [...this.cells].sort(([a], [b]) => (a < b ? -1 : 1));
    return cells.flatMap(([content, { additions }]) =>
      additions.map(({ id }) => ({ atom: { intent: id, index: 0 }, content })),
    );
  }

  add(item: string, stamp: Stamp, id: IntentId): void {
    const cell = this.cell(item);
    if (isBelow(stamp, cell.tombstone)) return;
    cell.additions.push({ stamp, id });
    cell.additions.sort((a, b) => compareStamps(a.stamp, b.stamp));
  }

  remove(item: string, stamp: Stamp): void {
    const cell = this.cell(item);
    if (isBelow(stamp, cell.tombstone)) return;
    cell.tombstone = stamp;
    cell.additions = cell.additions.filter((addition) => !isBelow(addition.stamp, stamp));
  }

  private cell(item: string): ItemCell {
    let cell = this.cells.get(item);
    if (cell === undefined) this.cells.set(item, (cell = { tombstone: null, additions: [] }));
    return cell;
  }
}

interface ItemCell {
  /** The highest. */
  tombstone: Stamp | null;
  /**
   * Those above the tombstone. The highest alone decides that the item is there; the others wanted
   * the same, so that nothing of theirs is lost.
   */
  additions: { readonly stamp: Stamp; readonly id: IntentId }[];
}

function isBelow(stamp: Stamp, other: Stamp | null): boolean {
  return other !== null && compareStamps(stamp, other) < 0;
}
