import type { Cancel } from '../runtime/host.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES, type Lane, type SendOutcome } from '../wire/lane.ts';
import type { Transport, TransportListener } from './transport.ts';

/** What may be on its way in one direction of a link: four frames of the largest size. */
export const MAX_IN_FLIGHT_BYTES = 4 * MAX_FRAME_BYTES;

/** Where the network's time comes from; equal times are called in the order they were asked for. */
export interface Scheduler {
  now(): Milliseconds;
  at(time: Milliseconds, callback: () => void): Cancel;
}

/**
 * How long a frame takes. Datagrams overtake each other if their delays say so, and one that takes
 * for ever (`Infinity`) is lost; the stream keeps its order and must take finite time.
 */
export type Delay = (from: NodeId, to: NodeId, lane: Lane, bytes: number) => Milliseconds;

/** One way of a link. */
interface Direction {
  readonly from: MemoryTransport;
  readonly to: MemoryTransport;
  inFlightBytes: number;
  /** When the last stream frame arrives: the next one must not be earlier. */
  streamArrival: Milliseconds;
  open: boolean;
}

/** A network within one program: the transports of its nodes, and the links between them. */
export class MemoryNetwork {
  private readonly scheduler: Scheduler;
  private readonly delay: Delay;

  constructor(scheduler: Scheduler, delay: Delay = () => 1) {
    this.scheduler = scheduler;
    this.delay = delay;
  }

  transport(self: NodeId): MemoryTransport {
    return new MemoryTransport(self, this);
  }

  /** Opens a link between two transports that have started; both hear `up` soon after. */
  connect(a: MemoryTransport, b: MemoryTransport): void {
    if (a.hasLink(b.self)) return;
    const now = this.scheduler.now();
    a.attach({ from: a, to: b, inFlightBytes: 0, streamArrival: now, open: true });
    b.attach({ from: b, to: a, inFlightBytes: 0, streamArrival: now, open: true });
  }

  /** Closes a link: what is on its way is lost, and both hear `down` soon after. */
  disconnect(a: MemoryTransport, b: MemoryTransport, reason: string): void {
    a.detach(b.self, reason);
    b.detach(a.self, reason);
  }

  /** Soon, but never within the call that asks: listeners are not called back from a `send`. */
  soon(callback: () => void): void {
    this.scheduler.at(this.scheduler.now(), callback);
  }

  carry(way: Direction, frame: Uint8Array, lane: Lane): SendOutcome {
    if (way.inFlightBytes + frame.length > MAX_IN_FLIGHT_BYTES) return 'overflow';
    let arrival = this.scheduler.now() + this.delay(way.from.self, way.to.self, lane, frame.length);
    if (lane === 'stream') {
      if (arrival === Infinity)
        throw new RangeError('the stream loses nothing: finite delays only');
      arrival = Math.max(arrival, way.streamArrival);
      way.streamArrival = arrival;
    }
    if (arrival === Infinity) return 'sent';
    const copy = frame.slice();
    way.inFlightBytes += copy.length;
    this.scheduler.at(arrival, () => {
      way.inFlightBytes -= copy.length;
      if (way.open) way.to.deliver(way.from.self, copy, lane);
    });
    return 'sent';
  }
}

/** One node's end of a memory network. */
export class MemoryTransport implements Transport {
  readonly self: NodeId;
  private readonly network: MemoryNetwork;
  private listener: TransportListener | null = null;
  /** The ways out that are open, and whether their `up` was heard. */
  private readonly ways = new Map<NodeId, { readonly way: Direction; up: boolean }>();

  constructor(self: NodeId, network: MemoryNetwork) {
    this.self = self;
    this.network = network;
  }

  start(listener: TransportListener): void {
    this.listener = listener;
  }

  stop(): void {
    this.listener = null;
    for (const { way } of [...this.ways.values()]) this.network.disconnect(this, way.to, 'stopped');
  }

  neighbours(): readonly NodeId[] {
    return [...this.ways.values()].filter(({ up }) => up).map(({ way }) => way.to.self);
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    const link = this.ways.get(to);
    if (link?.up !== true) return 'no-link';
    if (frame.length > (lane === 'datagram' ? MAX_DATAGRAM_BYTES : MAX_FRAME_BYTES)) {
      return 'too-large';
    }
    return this.network.carry(link.way, frame, lane);
  }

  hasLink(to: NodeId): boolean {
    return this.ways.has(to);
  }

  /** For the network alone, like all below. */
  attach(way: Direction): void {
    if (this.listener === null) throw new Error(`${this.self} has not started`);
    const link = { way, up: false };
    this.ways.set(way.to.self, link);
    this.network.soon(() => {
      if (!way.open) return;
      link.up = true;
      this.listener?.up(way.to.self);
    });
  }

  detach(from: NodeId, reason: string): void {
    const link = this.ways.get(from);
    if (link === undefined) return;
    this.ways.delete(from);
    link.way.open = false;
    if (link.up) this.network.soon(() => this.listener?.down(from, reason));
  }

  deliver(from: NodeId, frame: Uint8Array, lane: Lane): void {
    this.listener?.frame(from, frame, lane);
  }
}
