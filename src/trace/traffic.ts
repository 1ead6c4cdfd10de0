import type { NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { Counters, UNATTRIBUTED, type ProtocolMetrics } from './metrics.ts';

/** All tabs of a day's lessons have an entry in a clock, and a row here. Others count in the sum only. */
export const MAX_COUNTED_NODES = 256;

/** A node runs about a dozen protocols. Beyond this they count together, under `?`. */
export const MAX_COUNTED_PROTOCOLS = 64;

/** By protocol. */
export type TrafficMetrics = { readonly [protocol: string]: ProtocolMetrics };

/** Messages of one protocol that happened and were not told one by one. */
export interface Untold {
  readonly sent: number;
  readonly sentBytes: number;
  readonly received: number;
  readonly receivedBytes: number;
}

/**
 * Messages and bytes by protocol, of each node and of all, from their events: what `node.metrics()`
 * counts, seen from outside. One event at a time, O(1); an event given twice counts twice.
 */
export class Traffic {
  private readonly sum = new ByProtocol();
  private readonly nodes = new Map<NodeId, ByProtocol>();

  add(event: TraceEvent): void {
    this.sum.add(event);
    this.countersOf(event.node)?.add(event);
  }

  /** Messages that were counted and not told one by one. */
  addUntold(node: NodeId, protocol: string, untold: Untold): void {
    this.sum.addUntold(protocol, untold);
    this.countersOf(node)?.addUntold(protocol, untold);
  }

  /** Of all nodes together. */
  all(): TrafficMetrics {
    return this.sum.snapshot();
  }

  /** Of all lives of a node. */
  of(node: NodeId): TrafficMetrics {
    return this.nodes.get(node)?.snapshot() ?? {};
  }

  private countersOf(node: NodeId): ByProtocol | undefined {
    if (!this.nodes.has(node) && this.nodes.size < MAX_COUNTED_NODES) {
      this.nodes.set(node, new ByProtocol());
    }
    return this.nodes.get(node);
  }
}

class ByProtocol {
  private readonly counters = new Map<string, Counters>();

  add(event: TraceEvent): void {
    if (event.type === 'send') this.countersOf(event.protocol).sent(event.bytes);
    if (event.type === 'receive') this.countersOf(event.protocol).received(event.bytes);
    if (event.type === 'drop') this.countersOf(event.protocol).drop(event.reason);
  }

  addUntold(protocol: string, { sent, sentBytes, received, receivedBytes }: Untold): void {
    const counters = this.countersOf(protocol);
    counters.sent(sentBytes, sent);
    counters.received(receivedBytes, received);
  }

  snapshot(): TrafficMetrics {
    return Object.fromEntries(
      [...this.counters].map(([protocol, counters]) => [protocol, counters.snapshot()]),
    );
  }

  private countersOf(protocol: string): Counters {
    const isNew = !this.counters.has(protocol);
    const name = isNew && this.counters.size >= MAX_COUNTED_PROTOCOLS ? UNATTRIBUTED : protocol;
    let counters = this.counters.get(name);
    if (counters === undefined) this.counters.set(name, (counters = new Counters()));
    return counters;
  }
}
