import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

export type Rows = Iterable<readonly [node: NodeId, events: readonly TraceEvent[]]>;

/** What is made from all events, one at a time, and can be begun anew. */
export interface Fed {
  reset(): void;
  take(event: TraceEvent): void;
}

interface Read {
  readonly first: TraceEvent;
  readonly last: TraceEvent;
  readonly length: number;
}

/**
 * Hands on what rows have gained at their ends since it looked last: O(what is new). Where something
 * came or went elsewhere, late events or the oldest ones, it begins anew: O(events).
 */
export class CatchUp {
  private readonly fed: readonly Fed[];
  private readonly read = new Map<NodeId, Read>();

  constructor(fed: readonly Fed[]) {
    this.fed = fed;
  }

  /** @param anew if what is made must be made again, though no event changed */
  look(rows: Rows, anew = false): void {
    const all = [...rows];
    if (anew || !this.grewAtTheEnd(all)) {
      this.read.clear();
      for (const each of this.fed) each.reset();
    }
    for (const [node, events] of all) {
      for (let i = this.read.get(node)?.length ?? 0; i < events.length; i++) {
        for (const each of this.fed) each.take(events[i]!);
      }
      if (events.length === 0) continue;
      this.read.set(node, { first: events[0]!, last: events.at(-1)!, length: events.length });
    }
  }

  private grewAtTheEnd(rows: readonly (readonly [NodeId, readonly TraceEvent[]])[]): boolean {
    let known = 0;
    for (const [node, events] of rows) {
      const read = this.read.get(node);
      if (read === undefined) continue;
      known += 1;
      if (events[0] !== read.first || events[read.length - 1] !== read.last) return false;
    }
    return known === this.read.size;
  }
}
