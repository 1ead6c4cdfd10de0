import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { MAX_LINKS } from './latency.ts';

interface Measured {
  readonly offsetMs: Milliseconds;
  readonly errorMs: Milliseconds;
}

/**
 * How far the nodes' wall clocks are apart, from the `offset` notes that time sync records with every
 * measurement. Of two nodes that measured each other, the surer one is believed.
 */
export class WallOffsets {
  /** The newest of each pair, by who measured and whom. */
  private readonly measured = new Map<string, Measured>();

  add(event: TraceEvent): void {
    if (event.type !== 'note' || event.protocol !== 'timesync' || event.kind !== 'offset') return;
    const { peer, offsetMs, errorMs } = event.detail;
    if (typeof offsetMs !== 'number' || typeof errorMs !== 'number') return;
    const key = `${event.node}>${String(peer)}`;
    if (this.measured.size < MAX_LINKS || this.measured.has(key)) {
      this.measured.set(key, { offsetMs, errorMs });
    }
  }

  /** How far `to`'s wall clock is ahead of `from`'s; undefined if neither measured the other. */
  readonly offsetOf = (from: NodeId, to: NodeId): Milliseconds | undefined => {
    const there = this.measured.get(`${from}>${to}`);
    const back = this.measured.get(`${to}>${from}`);
    if (there !== undefined && there.errorMs <= (back?.errorMs ?? Infinity)) return there.offsetMs;
    return back && -back.offsetMs;
  };
}
