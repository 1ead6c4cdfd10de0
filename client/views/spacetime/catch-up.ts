import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

export type Rows = Iterable<readonly [node: NodeId, events: readonly TraceEvent[]]>;

/** What is made from all events, one at a time, and can be begun anew. */
export interface Fed {
  reset(): void;
  take(event: TraceEvent): void;
}

/** What was handed on of a row. */
interface Read {
  readonly last: TraceEvent;
  readonly length: number;
}

/**
 * What was made of events that have made room for others may stay until they are this share of all: a
 * class that fills a chronicle pushes one out with each that comes, and to begin anew takes all.
 */
const STALE_SHARE = 0.1;

/**
 * Hands on what rows have gained at their ends since it looked last: O(what is new). Where something
 * came elsewhere, or many have gone, it begins anew: O(events). An event that comes late in the same
 * moment as the row's oldest goes may wait for that.
 */
export class CatchUp {
  private readonly fed: readonly Fed[];
  private readonly read = new Map<NodeId, Read>();
  private stale = 0;

  constructor(fed: readonly Fed[]) {
    this.fed = fed;
  }

  /** @param anew if what is made must be made again, though no event changed */
  look(rows: Rows, anew = false): void {
    const all = [...rows];
    if (anew || !this.goesOn(all)) {
      this.read.clear();
      this.stale = 0;
      for (const each of this.fed) each.reset();
    }
    for (const [node, events] of all) {
      for (let i = this.read.get(node)?.length ?? 0; i < events.length; i++) {
        for (const each of this.fed) each.take(events[i]!);
      }
      if (events.length > 0) this.read.set(node, { last: events.at(-1)!, length: events.length });
    }
  }

  /** Whether all that was handed on is still to be had, but for the oldest; and which is the next. */
  private goesOn(rows: readonly (readonly [NodeId, readonly TraceEvent[]])[]): boolean {
    let known = 0;
    let all = 0;
    for (const [node, events] of rows) {
      all += events.length;
      const read = this.read.get(node);
      if (read === undefined) continue;
      known += 1;
      // What is new is little, so the last one of before is near the end.
      const length = events.lastIndexOf(read.last) + 1;
      if (length === 0 || length > read.length) return false;
      this.stale += read.length - length;
      this.read.set(node, { last: read.last, length });
    }
    return known === this.read.size && this.stale <= STALE_SHARE * all;
  }
}
