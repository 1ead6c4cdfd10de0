import type { Discipline } from '../clocks/discipline.ts';
import type { Host } from '../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { ComparedClock } from './compared-clock.ts';
import { Follower, type FollowedTime } from './follower.ts';
import { timeSyncSchema, type TimeSyncAnswer, type TimeSyncMessage } from './messages.ts';
import { Peer } from './peer.ts';
import { viewPeer, type PeerTimeView } from './views.ts';

/**
 * Every node asks its neighbours in turn what time it is, and learns how far their clocks are from
 * its own and how much faster they run. The rules SYNC-1 to SYNC-9 stand in README.md.
 */

/** Once a second: after ten minutes the drift of a clock is known to a few ppm over a school's Wi-Fi. */
export const PERIOD_MS: Milliseconds = 1_000;

/** A node with more neighbours asks each of them less often, so that a large mesh stays quiet. */
export const MAX_ASKS_PER_SECOND = 6;

/** Each gap grows by up to this share of it, so that nodes do not fall into step. */
const JITTER = 0.1;

export class TimeSync implements Protocol<TimeSyncMessage> {
  private readonly host: Host<TimeSyncMessage>;
  private readonly peers = new Map<NodeId, Peer>();
  /** This node's wall clock against its monotonic clock: no delay lies between, so no error. */
  private readonly ownWall = new ComparedClock();
  /** Whom to ask in this round, the next one last. */
  private round: NodeId[] = [];
  private questions = 0;
  private followed: { readonly id: NodeId; readonly follower: Follower } | null = null;

  constructor(host: Host<TimeSyncMessage>) {
    this.host = host;
  }

  start(): void {
    this.askNextSoon();
  }

  stop(): void {}

  receive(from: NodeId, message: TimeSyncMessage): void {
    const { host } = this;
    const monotonic = host.monotonic();
    const wall = host.wallClock();
    if (message.type === 'answer') return this.learn(from, message, monotonic);
    host.send(from, {
      type: 'answer',
      number: message.number,
      monotonic: { received: monotonic, answered: host.monotonic() },
      wall: { received: wall, answered: host.wallClock() },
    });
  }

  neighbourUp(id: NodeId): void {
    this.peers.set(id, new Peer());
  }

  neighbourDown(id: NodeId): void {
    this.peers.delete(id);
  }

  /**
   * From now on `time` follows this peer's wall clock, over breaks of the link too. It begins at this
   * node's own wall clock.
   */
  follow(id: NodeId, discipline: Discipline): void {
    const { host } = this;
    const follower = new Follower(() => host.monotonic(), discipline, host.wallClock());
    this.followed = { id, follower };
  }

  unfollow(): void {
    this.followed = null;
  }

  /** Null while nobody is followed. */
  time(): FollowedTime | null {
    return this.followed?.follower.time() ?? null;
  }

  /** How long to wait until `until` is surely past by the followed clock; `Infinity` if nobody knows. */
  commitWait(until: Milliseconds): Milliseconds {
    return this.followed?.follower.commitWait(until) ?? Infinity;
  }

  /** Undefined for a node that is no neighbour or has not answered yet. */
  view(id: NodeId): PeerTimeView | undefined {
    const peer = this.peers.get(id);
    if (peer === undefined) return undefined;
    return viewPeer(id, peer, this.ownWall, this.host.monotonic(), this.host.wallClock());
  }

  /** Every neighbour that has answered. */
  views(): readonly PeerTimeView[] {
    return [...this.peers.keys()].flatMap((id) => this.view(id) ?? []);
  }

  inspect(): Json {
    const peers = this.views().map(({ wall, monotonic, ...rest }) => ({
      ...rest,
      wall: { ...wall },
      monotonic: { ...monotonic },
    }));
    const time = this.time();
    const following = time && { id: this.followed!.id, ...time };
    return { peers, following };
  }

  private askNextSoon(): void {
    const { host } = this;
    const gap = PERIOD_MS / Math.max(1, Math.min(host.neighbours().length, MAX_ASKS_PER_SECOND));
    host.after(gap * (1 + JITTER * host.random()), () => {
      this.compareOwn();
      this.askNext();
      this.askNextSoon();
    });
  }

  private compareOwn(): void {
    const at = this.host.monotonic();
    this.ownWall.add({ at, offset: this.host.wallClock() - at, delay: 0, error: 0 });
  }

  private askNext(): void {
    if (this.round.length === 0) this.round = [...this.host.neighbours()].reverse();
    const id = this.round.pop();
    const peer = id === undefined ? undefined : this.peers.get(id);
    const now = this.host.monotonic();
    if (id === undefined || peer === undefined || !peer.mayAsk(now)) return;
    this.questions += 1;
    peer.ask(this.questions, now);
    this.host.send(id, { type: 'ask', number: this.questions });
  }

  private learn(from: NodeId, answer: TimeSyncAnswer, heard: Milliseconds): void {
    const peer = this.peers.get(from);
    const jumps = peer?.answered(answer, heard) ?? null;
    if (peer === undefined || jumps === null) return;
    for (const [clock, byMs] of Object.entries(jumps)) {
      if (byMs !== null) this.host.record('jump', { peer: from, clock, byMs });
    }
    if (this.followed?.id === from) {
      this.followed.follower.learnt(peer.wall.estimate(heard)!, jumps.wall !== null);
    }
    const { wall, delayMs } = this.view(from)!;
    const { offsetMs, errorMs } = wall;
    this.host.record('offset', { peer: from, offsetMs, errorMs, delayMs });
  }
}

export const timeSync: ProtocolDefinition<TimeSyncMessage, TimeSync> = {
  name: 'timesync',
  version: 1,
  schema: timeSyncSchema,
  lane: 'datagram',
  create: (host) => new TimeSync(host),
};
