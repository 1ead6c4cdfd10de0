import type { Happening, TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Delivery } from '../../src/gossip/delivery.ts';
import { testNodeId } from './node-ids.ts';

/** That a node, by its index, came to know something. */
export interface Knowing {
  readonly to: number;
  readonly afterMs: Milliseconds;
  readonly hops: number;
  readonly by?: Delivery['by'];
  readonly heldMs?: Milliseconds;
}

/** Events of first lives as nodes tell them, each counting by itself: for whoever needs a trace of news. */
export class ToldNews {
  readonly events: TraceEvent[] = [];
  readonly nodes: readonly NodeId[];
  private readonly beganAt: Milliseconds;
  private readonly counts = new Map<NodeId, number>();
  private said = 0;

  constructor(nodes: number, beganAt: Milliseconds = 0) {
    this.beganAt = beganAt;
    this.nodes = Array.from({ length: nodes }, (_, i) => testNodeId(i));
    for (const node of this.nodes) this.happened(node, 0, { type: 'start' });
  }

  happened(node: NodeId, afterMs: Milliseconds, happening: Happening): this {
    const sequence = (this.counts.get(node) ?? 0) + 1;
    this.counts.set(node, sequence);
    const at = this.beganAt + afterMs;
    const stamp = {
      node,
      incarnation: 1,
      sequence,
      lamport: sequence,
      vector: { [node]: sequence },
    };
    this.events.push({ ...stamp, at, wall: at, monotonic: at, ...happening });
    return this;
  }

  /** Says something; then nodes know it, each by its index. @returns its id */
  spread(from: number, saidMs: Milliseconds, known: readonly Knowing[]): string {
    const id = `${this.nodes[from]!}.1.${++this.said}`;
    const origin: Knowing = { to: from, afterMs: 0, hops: 0, by: 'origin' };
    for (const { to, afterMs, hops, by = 'eager', heldMs = 0 } of [origin, ...known])
      this.happened(this.nodes[to]!, saidMs + afterMs, {
        type: 'note',
        protocol: 'gossip',
        kind: 'deliver',
        detail: { id, from: this.nodes[from]!, hops, by, heldMs },
      });
    return id;
  }
}
