import { FrozenArrivals } from '../runtime/frozen-arrivals.ts';
import type { NodeId } from '../vocabulary.ts';
import { MAX_DATAGRAM_BYTES, MAX_FRAME_BYTES, type Lane, type SendOutcome } from '../wire/lane.ts';
import {
  MAX_ENVELOPE_BYTES,
  MAX_HOPS,
  readEnvelope,
  RELAY_MARK,
  writeEnvelope,
  type Envelope,
} from './relay-envelope.ts';
import type { Transport, TransportListener } from './transport.ts';

/** What became of frames that have no link of their own. */
export interface RelayCounts {
  /** Of this node, on their way along others. */
  sent: number;
  /** Of others to others. */
  passedOn: number;
  /** To this node, along others. */
  arrived: number;
  /** Not passed on: no way leads on from here, or only back to where it has been. */
  lost: { 'no-way': number; loop: number; hops: number; overflow: number; frozen: number };
  /** On arrival. */
  refused: {
    /** Bytes that are no envelope. */
    malformed: number;
    /** Whoever handed it over is not the last on its path. */
    impostor: number;
    /** Nothing is relayed here. */
    off: number;
  };
}

/**
 * Any transport, and beyond it: a frame for a node without a link goes from neighbour to neighbour,
 * along the shortest way that is known here, and its receiver sees it as from its origin. The rules
 * RELAY-1 to 9 are in README.md.
 *
 *     send -> transport beneath -> no link? -> route -> envelope -> transport beneath
 *     transport beneath -> envelope? -> for me -> listener
 *                                    -> for another -> path, route -> transport beneath
 */
export class RelayTransport implements Transport {
  readonly counts: RelayCounts = {
    sent: 0,
    passedOn: 0,
    arrived: 0,
    lost: { 'no-way': 0, loop: 0, hops: 0, overflow: 0, frozen: 0 },
    refused: { malformed: 0, impostor: 0, off: 0 },
  };
  private readonly inner: Transport;
  private routes: () => ReadonlyMap<NodeId, NodeId> = () => new Map();
  private listener: TransportListener | null = null;
  private isOn = false;
  /** What is to be passed on while the node does not run; null while it runs. */
  private frozen: FrozenArrivals | null = null;

  constructor(inner: Transport) {
    this.inner = inner;
  }

  get self(): NodeId {
    return this.inner.self;
  }

  /** Whether this node relays: its own frames, those of others, and what reaches it along others. */
  use(on: boolean): void {
    this.isOn = on;
    if (!on && this.frozen !== null) this.frozen = new FrozenArrivals();
  }

  /** @param routes for each target, the neighbour that is next on the way there */
  setRoutes(routes: () => ReadonlyMap<NodeId, NodeId>): void {
    this.routes = routes;
  }

  /** The node does not run, so it passes nothing on; until `thaw`, or until its next life starts. */
  freeze(): void {
    this.frozen ??= new FrozenArrivals();
  }

  thaw(): void {
    const { lost, handlers } = this.frozen?.take() ?? { lost: 0, handlers: [] };
    this.frozen = null;
    this.counts.lost.frozen += lost;
    for (const handle of handlers) handle();
  }

  start(listener: TransportListener): void {
    this.frozen = null;
    this.listener = listener;
    this.inner.start({
      frame: (from, bytes, lane) => this.arrived(from, bytes, lane),
      up: (neighbour) => listener.up(neighbour),
      down: (neighbour, reason) => listener.down(neighbour, reason),
    });
  }

  stop(): void {
    this.frozen = null;
    this.listener = null;
    this.inner.stop();
  }

  /** Those with a link, whoever else can be reached. */
  neighbours(): readonly NodeId[] {
    return this.inner.neighbours();
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    // Bytes that could be taken for an envelope are put into one.
    const looksWrapped = frame[0] === RELAY_MARK;
    const outcome = looksWrapped ? this.wrapped(to, to, frame, lane) : this.inner.send(to, frame, lane); // prettier-ignore
    if (outcome !== 'no-link' || !this.isOn) return outcome;
    const next = this.routes().get(to);
    if (next === undefined) return 'no-link';
    const relayed = this.wrapped(to, next, frame, lane);
    if (relayed === 'sent') this.counts.sent++;
    return relayed;
  }

  private wrapped(target: NodeId, next: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    const most = lane === 'stream' ? MAX_FRAME_BYTES : MAX_DATAGRAM_BYTES;
    if (frame.length > Math.min(most, MAX_FRAME_BYTES - MAX_ENVELOPE_BYTES)) return 'too-large';
    return this.hand(next, { lane, target, path: [this.self], frame });
  }

  /** A datagram that its envelope makes too large travels on the stream. */
  private hand(next: NodeId, envelope: Envelope): SendOutcome {
    const bytes = writeEnvelope(envelope);
    const lane = bytes.length > MAX_DATAGRAM_BYTES ? 'stream' : envelope.lane;
    return this.inner.send(next, bytes, lane);
  }

  private arrived(from: NodeId, bytes: Uint8Array, lane: Lane): void {
    if (bytes[0] !== RELAY_MARK) return this.listener?.frame(from, bytes, lane);
    const { refused } = this.counts;
    const envelope = readEnvelope(bytes);
    if (envelope === null) refused.malformed++;
    else if (envelope.path.at(-1) !== from) refused.impostor++;
    else if (envelope.target === this.self && envelope.path.length === 1) this.taken(envelope);
    else if (!this.isOn) refused.off++;
    else if (envelope.target === this.self) {
      this.counts.arrived++;
      this.taken(envelope);
    } else if (this.frozen === null) this.passOn(envelope);
    else this.frozen.frame(bytes.length, () => this.passOn(envelope));
  }

  private taken({ path, frame, lane }: Envelope): void {
    this.listener?.frame(path[0]!, frame, lane);
  }

  private passOn(envelope: Envelope): void {
    const { lost } = this.counts;
    const { target, path } = envelope;
    const next = this.routes().get(target);
    if (path.length === MAX_HOPS) lost.hops++;
    else if (next === undefined) lost['no-way']++;
    else if (path.includes(next) || path.includes(this.self)) lost.loop++;
    else {
      const outcome = this.hand(next, { ...envelope, path: [...path, this.self] });
      if (outcome === 'sent') this.counts.passedOn++;
      else lost[outcome === 'overflow' ? 'overflow' : 'no-way']++;
    }
  }
}
