import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_CARRIED_BYTES, type Lane, type SendOutcome } from '../wire/lane.ts';
import { Parcel } from '../wire/parcel.ts';
import { MAX_IN_FLIGHT_BYTES } from './in-flight.ts';
import type { RandomSource } from './random-source.ts';
import type { RulesDocument } from './rules-document.ts';
import type { Shaper } from './shaper.ts';
import { Shapers } from './shapers.ts';
import type { Transport, TransportListener } from './transport.ts';

/** Where the network's time comes from; equal times are called in the order they were asked for. */
export interface Scheduler {
  now(): Milliseconds;
  at(time: Milliseconds, callback: () => void): void;
}

/**
 * How long a frame takes where no rule speaks; rules add to it. Datagrams overtake each other if
 * their delays say so, and one that takes for ever (`Infinity`) is lost; the stream keeps its order
 * and must take finite time.
 */
export type Delay = (from: NodeId, to: NodeId, lane: Lane, bytes: number) => Milliseconds;

/** What is carried: bytes, or what will be bytes if a rule has to act on them. */
type Freight = Uint8Array | Parcel;

/** Within one program a listener may take what never was in bytes. */
export interface MemoryListener extends TransportListener {
  parcel?(from: NodeId, parcel: Parcel): void;
}

/** One way of a link. */
interface Direction {
  readonly from: MemoryTransport;
  readonly to: MemoryTransport;
  /** Null while no rule has spoken of this direction. */
  shaper: Shaper | null;
  inFlightBytes: number;
  /** When the last stream frame arrives: the next one must not be earlier. */
  streamArrival: Milliseconds;
  open: boolean;
}

/** For networks whose rules need no chance; one that does finds out at its first frame. */
const NO_CHANCE: RandomSource = {
  next() {
    throw new Error('this rule needs chance: give the network a seeded generator');
  },
  fork: () => NO_CHANCE,
};

/** A network within one program: the transports of its nodes, and the links between them. */
export class MemoryNetwork {
  private readonly scheduler: Scheduler;
  private readonly delay: Delay;
  private readonly shapers: Shapers;
  private readonly ways = new Set<Direction>();
  /** The pairs that a rule keeps apart, and that healing brings together again. */
  private readonly parted = new Map<string, readonly [MemoryTransport, MemoryTransport]>();

  constructor(scheduler: Scheduler, delay: Delay = () => 1, random: RandomSource = NO_CHANCE) {
    this.scheduler = scheduler;
    this.delay = delay;
    this.shapers = new Shapers(random);
  }

  transport(self: NodeId): MemoryTransport {
    return new MemoryTransport(self, this);
  }

  /**
   * Opens a link between two transports that have started; both hear `up` soon after. False while a
   * rule cuts it: then it opens when the cut heals.
   */
  connect(a: MemoryTransport, b: MemoryTransport): boolean {
    if (a.hasLink(b.self)) return true;
    for (const { self, started } of [a, b]) {
      if (!started) throw new Error(`${self} has not started`);
    }
    if (this.shapers.rules.isCut(a.self, b.self)) {
      this.parted.set(pairKey(a, b), [a, b]);
      return false;
    }
    this.openWay(a, b);
    this.openWay(b, a);
    return true;
  }

  /** Closes a link: what is on its way is lost, and both hear `down` soon after. */
  disconnect(a: MemoryTransport, b: MemoryTransport, reason: string): void {
    this.parted.delete(pairKey(a, b));
    this.closeWay(a, b, reason);
    this.closeWay(b, a, reason);
  }

  /** Closes all links of a transport, those that a rule keeps apart included. */
  disconnectAll(transport: MemoryTransport, reason: string): void {
    for (const [key, pair] of this.parted) if (pair.includes(transport)) this.parted.delete(key);
    for (const { from, to } of this.ways) {
      if (from === transport) this.disconnect(from, to, reason);
    }
  }

  /**
   * Puts rules in force, at every sender and every receiver at once. Links that are now cut close,
   * and those that no longer are open again. False, and nothing changes, if the document is not
   * newer than the one in force.
   */
  setRules(document: RulesDocument): boolean {
    const now = this.scheduler.now();
    if (!this.shapers.adopt(document, now)) return false;
    const { rules } = this.shapers;
    for (const way of this.ways) {
      const { from, to } = way;
      way.shaper = this.shapers.get(from.self, to.self, now);
      if (rules.isCut(from.self, to.self)) {
        this.disconnect(from, to, 'cut');
        this.parted.set(pairKey(from, to), [from, to]);
      }
    }
    for (const [key, [a, b]] of this.parted) {
      if (rules.isCut(a.self, b.self)) continue;
      this.parted.delete(key);
      this.connect(a, b);
    }
    return true;
  }

  /** What the rules on this direction keep waiting for the line. */
  queuedBytes(from: NodeId, to: NodeId): number {
    const now = this.scheduler.now();
    return this.shapers.get(from, to, now)?.queuedBytes(now) ?? 0;
  }

  /** Soon, but never within the call that asks: listeners are not called back from a `send`. */
  soon(callback: () => void): void {
    this.scheduler.at(this.scheduler.now(), callback);
  }

  carry(way: Direction, frame: Freight, lane: Lane): SendOutcome {
    if (way.inFlightBytes + frame.length > MAX_IN_FLIGHT_BYTES) return 'overflow';
    const delay = this.delay(way.from.self, way.to.self, lane, frame.length);
    if (lane === 'stream' && delay === Infinity) {
      throw new RangeError('only rules lose what is on the stream: finite delays only');
    }
    const now = this.scheduler.now();
    if (this.shapers.rules.cutsWay(way.from.self, way.to.self)) return 'no-link';
    if (way.shaper === null) {
      this.deliverAt(now + delay, way, frame instanceof Parcel ? frame : frame.slice(), lane);
      return 'sent';
    }
    // Rules act on bytes: they damage some, and double others.
    const bytes = frame instanceof Parcel ? frame.encode() : frame;
    const { copies, dropped } = way.shaper.offer(now, bytes, lane);
    for (const { at, bytes } of copies) this.deliverAt(at + delay, way, bytes, lane);
    return dropped === 'overflow' ? 'overflow' : 'sent';
  }

  private deliverAt(time: Milliseconds, way: Direction, frame: Freight, lane: Lane): void {
    if (time === Infinity) return;
    if (lane === 'stream') way.streamArrival = Math.max(time, way.streamArrival);
    way.inFlightBytes += frame.length;
    this.scheduler.at(lane === 'stream' ? way.streamArrival : time, () => {
      way.inFlightBytes -= frame.length;
      if (way.open && !this.isSwallowed(way)) way.to.deliver(way.from.self, frame, lane);
    });
  }

  /** The receiver's own look at the rules, for what was on its way when they changed. */
  private isSwallowed({ from, to, shaper }: Direction): boolean {
    if (shaper === null) return false;
    const conditions = this.shapers.rules.conditions(from.self, to.self);
    return conditions?.blackhole === true || conditions?.cut === true;
  }

  private openWay(from: MemoryTransport, to: MemoryTransport): void {
    const now = this.scheduler.now();
    const shaper = this.shapers.get(from.self, to.self, now);
    shaper?.reopen(now);
    const way = { from, to, shaper, inFlightBytes: 0, streamArrival: now, open: true };
    this.ways.add(way);
    from.attach(way);
  }

  private closeWay(from: MemoryTransport, to: MemoryTransport, reason: string): void {
    const way = from.detach(to.self, reason);
    if (way !== undefined) this.ways.delete(way);
  }
}

function pairKey(a: MemoryTransport, b: MemoryTransport): string {
  return [a.self, b.self].sort().join(' ');
}

/** One node's end of a memory network. */
export class MemoryTransport implements Transport {
  readonly self: NodeId;
  private readonly network: MemoryNetwork;
  private listener: MemoryListener | null = null;
  /** The ways out that are open, and whether their `up` was heard. */
  private readonly ways = new Map<NodeId, { readonly way: Direction; up: boolean }>();

  /** The answer of `neighbours`, until a link opens or closes: asked far more often than that. */
  private known: readonly NodeId[] | null = null;

  constructor(self: NodeId, network: MemoryNetwork) {
    this.self = self;
    this.network = network;
  }

  start(listener: MemoryListener): void {
    this.listener = listener;
  }

  stop(): void {
    this.listener = null;
    this.network.disconnectAll(this, 'stopped');
  }

  neighbours(): readonly NodeId[] {
    this.known ??= [...this.ways.values()].filter(({ up }) => up).map(({ way }) => way.to.self);
    return this.known;
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    return this.hand(to, frame, lane);
  }

  /** For a listener that takes parcels, at the other end. */
  sendParcel(to: NodeId, parcel: Parcel, lane: Lane): SendOutcome {
    return this.hand(to, parcel, lane);
  }

  private hand(to: NodeId, frame: Freight, lane: Lane): SendOutcome {
    const link = this.ways.get(to);
    if (link?.up !== true) return 'no-link';
    if (frame.length > MAX_CARRIED_BYTES[lane]) return 'too-large';
    return this.network.carry(link.way, frame, lane);
  }

  hasLink(to: NodeId): boolean {
    return this.ways.has(to);
  }

  get started(): boolean {
    return this.listener !== null;
  }

  /** For the network alone, like all below. */
  attach(way: Direction): void {
    const link = { way, up: false };
    this.ways.set(way.to.self, link);
    this.network.soon(() => {
      if (!way.open) return;
      link.up = true;
      this.known = null;
      this.listener?.up(way.to.self);
    });
  }

  detach(from: NodeId, reason: string): Direction | undefined {
    const link = this.ways.get(from);
    if (link === undefined) return undefined;
    this.ways.delete(from);
    this.known = null;
    link.way.open = false;
    if (link.up) this.network.soon(() => this.listener?.down(from, reason));
    return link.way;
  }

  deliver(from: NodeId, frame: Freight, lane: Lane): void {
    const { listener } = this;
    if (listener === null) return;
    if (!(frame instanceof Parcel)) listener.frame(from, frame, lane);
    else if (listener.parcel !== undefined) listener.parcel(from, frame);
    else listener.frame(from, frame.encode(), lane);
  }
}
