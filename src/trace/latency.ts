import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { LogHistogram } from './log-histogram.ts';
import { Messages, type ReceiveEvent, type SendEvent } from './messages.ts';
import { Newest } from './newest.ts';

/**
 * Sendings and receipts that may still find their counterpart: what a class of 30 tells in ten
 * seconds, and more than observers are told late.
 */
export const MAX_WAITING = 20_000;

/** A full mesh of the largest room has 3,540 ways. Others count in their protocol only. */
export const MAX_LINKS = 4_096;

/** As in the traffic: beyond it, what was seen last is left out. */
export const MAX_TIMED_PROTOCOLS = 64;

/** How long a message took, or `undefined` if that cannot be told. */
export type LatencyOf = (send: SendEvent, receive: ReceiveEvent) => Milliseconds | undefined;

/** How far `to`'s wall clock is ahead of `from`'s, as far as is known. */
export type WallOffset = (from: NodeId, to: NodeId) => Milliseconds | undefined;

export interface LatencySummary {
  readonly count: number;
  /** Below 0 if clocks disagree by more than the message took. */
  readonly minMs: Milliseconds;
  readonly p50Ms: Milliseconds;
  readonly p90Ms: Milliseconds;
  readonly p99Ms: Milliseconds;
  readonly maxMs: Milliseconds;
}

export interface LinkLatency extends LatencySummary {
  readonly from: NodeId;
  readonly to: NodeId;
}

/**
 * The receiver's wall clock at the receipt less the sender's at the sending. Two clocks: it is wrong
 * by their offset, and says how long the message took only where all clocks show true time.
 */
export const byWallClocks: LatencyOf = (send, receive) => receive.wall - send.wall;

/** By true time: right where one machine saw both, or whoever observes has set their times right. */
export const byTrueTime: LatencyOf = (send, receive) => receive.at - send.at;

/** By wall clocks without the offset of the two; only of pairs of nodes whose offset is known. */
export function correctedBy(offsetOf: WallOffset): LatencyOf {
  return (send, receive) => {
    const offset = offsetOf(send.node, receive.node);
    return offset === undefined ? undefined : byWallClocks(send, receive)! - offset;
  };
}

/**
 * How long messages take, by protocol and by way, from the sendings and receipts of all nodes, in
 * whatever order they come. Each receipt whose sending is known counts, copies too. O(1) an event.
 */
export class Latency {
  private readonly latencyOf: LatencyOf;
  private readonly messages = new Messages();
  private readonly waiting: Newest<TraceEvent>;
  private readonly protocols = new Map<string, LogHistogram>();
  private readonly ways = new Map<
    string,
    { readonly from: NodeId; readonly to: NodeId; readonly histogram: LogHistogram }
  >();

  constructor(latencyOf: LatencyOf = byWallClocks, maxWaiting = MAX_WAITING) {
    this.latencyOf = latencyOf;
    this.waiting = new Newest(maxWaiting);
  }

  add(event: TraceEvent): void {
    if (event.type !== 'send' && event.type !== 'receive') return;
    const oldest = this.waiting.put(event);
    if (oldest !== undefined) this.messages.remove(oldest);
    this.messages.add(event);
    if (event.type === 'send') {
      for (const receive of this.messages.receiptsOf(event)) this.took(event, receive);
    } else {
      const send = this.messages.sendOf(event);
      if (send !== undefined) this.took(send, event);
    }
  }

  byProtocol(): { readonly [protocol: string]: LatencySummary } {
    return Object.fromEntries(
      [...this.protocols].map(([protocol, histogram]) => [protocol, summaryOf(histogram)]),
    );
  }

  /** Each way by itself: there and back may differ. */
  byLink(): LinkLatency[] {
    return [...this.ways.values()].map(({ from, to, histogram }) => ({
      from,
      to,
      ...summaryOf(histogram),
    }));
  }

  /** For whoever has paired them already. */
  took(send: SendEvent, receive: ReceiveEvent): void {
    const latency = this.latencyOf(send, receive);
    if (latency === undefined) return;
    const { node: from, to, protocol } = send;
    made(this.protocols, protocol, MAX_TIMED_PROTOCOLS, () => new LogHistogram())?.add(latency);
    const way = made(this.ways, `${from}>${to}`, MAX_LINKS, () => ({
      from,
      to,
      histogram: new LogHistogram(),
    }));
    way?.histogram.add(latency);
  }
}

/** What stands at `key`, made if there is room. */
function made<T>(map: Map<string, T>, key: string, limit: number, make: () => T): T | undefined {
  if (!map.has(key) && map.size < limit) map.set(key, make());
  return map.get(key);
}

export function summaryOf(histogram: LogHistogram): LatencySummary {
  const { count, min: minMs, max: maxMs } = histogram;
  const [p50Ms, p90Ms, p99Ms] = histogram.percentiles([0.5, 0.9, 0.99]) as [number, number, number];
  return { count, minMs, p50Ms, p90Ms, p99Ms, maxMs };
}
