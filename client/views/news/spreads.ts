import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import type { Delivery } from '../../../src/gossip/delivery.ts';
import type { Fed } from '../spacetime/catch-up.ts';

/** More than anybody looks through; of a burst, the newest. */
export const MAX_SPREADS = 200;

/** In each: the fullest room, and those who came and went in the meantime. */
export const MAX_REACHED = 256;

export type Arrival = Delivery['by'];
const ARRIVALS: ReadonlySet<unknown> = new Set<Arrival>([
  'origin',
  'eager',
  'graft',
  'rumour',
  'repair',
]);

/** A node that was handed a broadcast, when and how, as its own note says. */
export interface Reached {
  readonly node: NodeId;
  /** True time. */
  readonly at: Milliseconds;
  readonly hops: number;
  readonly by: Arrival;
  readonly heldMs: Milliseconds;
}

/** One broadcast and whom it has reached. */
export interface Spread {
  readonly id: string;
  readonly from: NodeId;
  /** When it was said, or first heard of if nobody told that. */
  readonly at: Milliseconds;
  /** In no order. A node that crashed and was told again is in it once, with the first time. */
  readonly reached: ReadonlyMap<NodeId, Reached>;
}

interface Growing extends Spread {
  at: Milliseconds;
  readonly reached: Map<NodeId, Reached>;
}

/** Who was told what and when, from the `deliver` notes of all nodes: one event at a time, in any order. */
export class Spreads implements Fed {
  private readonly byId = new Map<string, Growing>();

  reset(): void {
    this.byId.clear();
  }

  take(event: TraceEvent): void {
    if (event.type !== 'note' || event.protocol !== 'gossip' || event.kind !== 'deliver') return;
    const { node, at, detail } = event;
    const { id, from, hops, by, heldMs } = detail;
    if (typeof id !== 'string' || typeof from !== 'string') return;
    if (typeof hops !== 'number' || typeof heldMs !== 'number' || !isArrival(by)) return;
    const spread = this.byId.get(id) ?? this.begun(id, from as NodeId, at);
    if (spread === undefined) return;
    const known = spread.reached.get(node);
    if (known === undefined && spread.reached.size >= MAX_REACHED) return;
    if (known === undefined || at < known.at)
      spread.reached.set(node, { node, at, hops, by, heldMs });
    spread.at = Math.min(spread.at, at);
  }

  /** The newest first, up to this time and with it. */
  upTo(now: Milliseconds): readonly Spread[] {
    return [...this.byId.values()].filter(({ at }) => at <= now).sort((a, b) => b.at - a.at);
  }

  /** Where there is no room for it, the oldest goes; undefined if that is the new one. */
  private begun(id: string, from: NodeId, at: Milliseconds): Growing | undefined {
    if (this.byId.size >= MAX_SPREADS) {
      const oldest = [...this.byId.values()].reduce((a, b) => (b.at < a.at ? b : a));
      if (oldest.at >= at) return undefined;
      this.byId.delete(oldest.id);
    }
    const spread: Growing = { id, from, at, reached: new Map() };
    this.byId.set(id, spread);
    return spread;
  }
}

function isArrival(by: unknown): by is Arrival {
  return ARRIVALS.has(by);
}
