import type { LinkMessage, Report, Watch } from '../../src/wire/link-messages.ts';
import type { Member, Relay, Signal } from '../../src/wire/signaling-messages.ts';
import { MAX_CAPACITY, MAX_OBSERVERS } from '../../src/wire/signaling-limits.ts';
import type { Lane, SendOutcome } from '../../src/wire/lane.ts';
import type { Transport, TransportListener } from '../../src/network/transport.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import { ConnectionBudget } from './connection-budget.ts';
import type { ManagementMessage } from './conversation.ts';
import { Link, type LinkContext, type LinkListener, type LostReason, type Route } from './link.ts';
import { MAX_CALLS_AT_ONCE, Pacer } from './pacer.ts';
import { randomUnit } from './random.ts';
import type { Timers } from './timers.ts';

/** Everybody who can be in a room; a roster that claims more is wrong. */
const MAX_MEMBERS = MAX_CAPACITY + MAX_OBSERVERS;

/** The post office: the signaling server while it is there. */
export interface SignalPost {
  readonly connected: boolean;
  signal(relay: Relay): void;
}

export interface MeshOptions {
  readonly self: Member;
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly post: SignalPost;
  /** Members, links or their rungs have changed. Called often; draw at most once a frame. */
  readonly changed: () => void;
  /** What a node says of itself to an observer. */
  readonly reported?: (from: NodeId, report: Report) => void;
  readonly telemetry?: TelemetryListener;
}

/** Events on their way from nodes to those who watch them: each end hears what is meant for it. */
export interface TelemetryListener {
  /** A link has opened, to whomever. */
  linked?(to: NodeId): void;
  /** An observer wants to be told of events. */
  watched?(by: NodeId, watch: Watch): void;
  /** A node tells of its own; `batch` was checked by nobody yet. */
  told?(by: NodeId, batch: Uint8Array): void;
}

/** What was refused on the way in, by name. */
export interface MeshCounters {
  staleSignals: number;
  strangerSignals: number;
  introductionsPassed: number;
  introductionsUnreachable: number;
  /** Attempts that failed and links that closed, by reason. */
  lost: { [reason in LostReason]?: number };
}

/**
 * All links of one tab: keeps one to every member that there should be one to, carries their signals
 * through the server or through each other, and is the transport that the node runs on.
 */
export class Mesh implements Transport, LinkContext, LinkListener {
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly budget = new ConnectionBudget();
  readonly turns = new Pacer(MAX_CALLS_AT_ONCE);
  readonly counters: MeshCounters = {
    staleSignals: 0,
    strangerSignals: 0,
    introductionsPassed: 0,
    introductionsUnreachable: 0,
    lost: {},
  };

  #self: Member;
  #post: SignalPost;
  #options: MeshOptions;
  #iceServers: RTCIceServer[] = [];
  #members = new Map<NodeId, Member>();
  #links = new Map<NodeId, Link>();
  #node: TransportListener | null = null;
  #running = true;
  #nodeLives = true;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#self = options.self;
    this.room = options.room;
    this.timers = options.timers;
    this.#post = options.post;
  }

  // --- the room as the server or peers tell it ---

  /** The server's whole roster. Whoever is not in it but still linked stays: the mesh outlives the server. */
  takeRoster(members: readonly Member[]): void {
    const listed = new Set(members.map((member) => member.id));
    for (const id of this.#members.keys()) {
      if (!listed.has(id) && !this.#links.get(id)?.open) this.#forget(id);
    }
    for (const member of members) this.takeMember(member);
  }

  takeMember(member: Member): void {
    if (member.id === this.#self.id) return;
    const known = this.#members.get(member.id);
    if (!known && this.#members.size >= MAX_MEMBERS) return;
    if (known && known.incarnation > member.incarnation) return;
    this.#members.set(member.id, member);
    const link = this.#linkTo(member.id);
    const joinedIn = link.open ? link.incarnation : known?.incarnation;
    if (joinedIn !== undefined && joinedIn < member.incarnation) link.renew();
    this.#review(member);
  }

  takeGone(id: NodeId): void {
    this.#forget(id);
  }

  takeSignal(route: Route, from: NodeId, nonce: string, signal: Signal): void {
    const member = this.#members.get(from);
    if (!member) {
      this.counters.strangerSignals++;
      return;
    }
    // Whoever calls has its plug in, even if the news of that has not come yet.
    const calls = signal.type === 'offer' || signal.type === 'knock';
    if (calls && !member.plugged) this.takeMember({ ...member, plugged: true });
    const fresh = this.#linkTo(from).signal(route, nonce, signal);
    if (!fresh) this.counters.staleSignals++;
  }

  setIceServers(servers: RTCIceServer[]): void {
    this.#iceServers = servers;
  }

  /** This tab's own name, plug or role has changed: neighbours hear it even without a server. */
  setSelf(self: Member): void {
    this.#self = self;
    for (const member of this.#members.values()) this.#review(member);
    this.#tell({ type: 'roster', members: [self] }, 'node');
    this.#options.changed();
  }

  /** To every observer that is linked. */
  report(report: Report): void {
    this.#tell(report, 'observer');
  }

  members(): readonly Member[] {
    return [...this.#members.values()];
  }

  member(id: NodeId): Member | undefined {
    return this.#members.get(id);
  }

  link(id: NodeId): Link | undefined {
    return this.#links.get(id);
  }

  /**
   * This tab's node has crashed: its links to other nodes close without a word, and it answers no
   * call. Observers stay linked, for they watch the machine and not the node.
   */
  crash(): void {
    this.#node = null;
    this.#nodeLives = false;
    for (const member of this.#members.values()) this.#review(member);
  }

  /** It lives again, as `self`; `start` has been called with what the new life hears. */
  revive(self: Member): void {
    this.#nodeLives = true;
    this.setSelf(self);
  }

  /** The page is going away. */
  abandon(): void {
    this.#running = false;
    for (const link of this.#links.values()) link.abandon();
  }

  // --- the transport of the node ---

  get self(): NodeId {
    return this.#self.id;
  }

  start(listener: TransportListener): void {
    this.#node = listener;
  }

  stop(): void {
    this.#node = null;
    this.#running = false;
    for (const link of this.#links.values()) link.unwant('leaving');
  }

  neighbours(): readonly NodeId[] {
    return [...this.#links.values()]
      .filter((link) => link.open && this.#isNode(link.id))
      .map((link) => link.id)
      .sort();
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    const link = this.#links.get(to);
    return link && this.#isNode(to) ? link.send(frame, lane) : 'no-link';
  }

  // --- what links ask and tell ---

  selfMember(): Member {
    return this.#self;
  }

  iceServers(): RTCIceServer[] {
    return this.#iceServers;
  }

  /** The server if both are there; else somebody whom this tab is linked to, anybody of them. */
  route(to: NodeId): Route | null {
    if (this.#post.connected && this.#members.get(to)?.present) return 'server';
    const relays = [...this.#links.values()].filter((link) => link.open && link.id !== to);
    return relays[Math.floor(randomUnit() * relays.length)]?.id ?? null;
  }

  post(route: Route, to: NodeId, nonce: string, signal: Signal): void {
    if (route === 'server') this.#post.signal({ to, nonce, signal });
    else this.#links.get(route)?.manage({ type: 'introduce', to, nonce, signal });
  }

  joined(link: Link, hello: Member): void {
    const known = this.#members.get(hello.id);
    this.takeMember(known ? { ...hello, role: known.role, present: known.present } : hello);
    if (!link.open) return;
    if (!this.#post.connected) {
      const members = [this.#self, ...this.#members.values()].slice(0, MAX_MEMBERS);
      link.manage({ type: 'roster', members });
    }
    if (this.#isNode(link.id)) this.#node?.up(link.id);
    this.#options.telemetry?.linked?.(link.id);
    this.#options.changed();
  }

  lost(link: Link, reason: LostReason): void {
    if (this.#isNode(link.id)) this.#node?.down(link.id, reason);
  }

  failed(reason: LostReason): void {
    this.counters.lost[reason] = (this.counters.lost[reason] ?? 0) + 1;
  }

  frame(link: Link, bytes: Uint8Array, lane: Lane): void {
    if (this.#isNode(link.id)) this.#node?.frame(link.id, bytes, lane);
  }

  management(link: Link, message: ManagementMessage): void {
    switch (message.type) {
      case 'bye':
        return this.#heardBye(link, message.reason);
      case 'introduce':
        return this.#passOn(link, message);
      case 'introduced':
        return this.takeSignal(link.id, message.from, message.nonce, message.signal);
      case 'unreachable':
        return this.#links.get(message.to)?.unreachable(message.nonce);
      case 'roster':
        for (const member of message.members) this.#heardOf(link.id, member);
        return;
      case 'report':
        return this.#options.reported?.(link.id, message);
      case 'watch':
        if (this.#members.get(link.id)?.role === 'observer')
          this.#options.telemetry?.watched?.(link.id, message);
        return;
      case 'events':
        if (this.#members.get(link.id)?.role === 'node')
          this.#options.telemetry?.told?.(link.id, message.batch);
    }
  }

  changed(): void {
    this.#options.changed();
  }

  // --- within ---

  #isNode(id: NodeId): boolean {
    return this.#self.role === 'node' && this.#members.get(id)?.role === 'node';
  }

  #linkTo(id: NodeId): Link {
    let link = this.#links.get(id);
    if (!link) {
      link = new Link(id, this, this);
      this.#links.set(id, link);
    }
    return link;
  }

  #review(member: Member): void {
    const link = this.#linkTo(member.id);
    if (this.#running && this.#shouldLink(member)) link.want();
    else link.unwant(this.#self.plugged ? null : 'unplugged');
    this.#options.changed();
  }

  #shouldLink(member: Member): boolean {
    if (this.#self.role === 'observer') return member.role === 'node';
    if (member.role === 'observer') return true;
    return this.#nodeLives && this.#self.plugged && member.plugged;
  }

  #forget(id: NodeId): void {
    this.#links.get(id)?.unwant(null);
    this.#links.delete(id);
    this.#members.delete(id);
    this.#options.changed();
  }

  #heardBye(link: Link, reason: 'leaving' | 'unplugged' | 'superseded'): void {
    const member = this.#members.get(link.id);
    if (!member || member.incarnation > link.incarnation) return;
    if (reason === 'unplugged') this.takeMember({ ...member, plugged: false });
    else this.#forget(link.id);
  }

  /** Introduces two tabs that both are linked to this one. One hop only, and in the sender's true name. */
  #passOn(from: Link, message: { to: NodeId; nonce: string; signal: Signal }): void {
    const { to, nonce, signal } = message;
    const target = this.#links.get(to);
    if (!target?.open) {
      this.counters.introductionsUnreachable++;
      return from.manage({ type: 'unreachable', to, nonce });
    }
    this.counters.introductionsPassed++;
    target.manage({ type: 'introduced', from: from.id, nonce, signal });
  }

  /** A tab may say anything of itself, and of others only that they exist. */
  #heardOf(teller: NodeId, member: Member): void {
    const known = this.#members.get(member.id);
    if (member.id === teller && known)
      this.takeMember({ ...member, role: known.role, present: known.present });
    else if (!known && !this.#post.connected) this.takeMember({ ...member, present: false });
  }

  #tell(message: LinkMessage, role: Member['role']): void {
    for (const link of this.#links.values()) {
      if (link.open && this.#members.get(link.id)?.role === role) link.manage(message);
    }
  }
}
