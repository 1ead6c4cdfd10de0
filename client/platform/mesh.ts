import type { LinkMessage, Report, Watch } from '../../src/wire/link-messages.ts';
import type { Member, Signal } from '../../src/wire/signaling-messages.ts';
import { MAX_CAPACITY, MAX_OBSERVERS } from '../../src/wire/signaling-limits.ts';
import type { Lane, SendOutcome } from '../../src/wire/lane.ts';
import { LinkRules, NO_RULES } from '../../src/network/rules-document.ts';
import type { Transport, TransportListener } from '../../src/network/transport.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import { ConnectionBudget } from './connection-budget.ts';
import type { ManagementMessage } from './conversation.ts';
import { Link, type LinkListener } from './link.ts';
import type { LinkContext, LostReason, Route } from './link-context.ts';
import { MAX_CALLS_AT_ONCE, Pacer } from './pacer.ts';
import { noMeshCounts, SignalRoutes, type SignalPost } from './signal-routes.ts';
import type { Timers } from './timers.ts';

/** Everybody who can be in a room; a roster that claims more is wrong. */
const MAX_MEMBERS = MAX_CAPACITY + MAX_OBSERVERS;

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

/**
 * All links of one tab: keeps one to every member that there should be one to, carries their signals
 * through the server or through each other, and is the transport that the node runs on.
 */
export class Mesh implements Transport, LinkContext, LinkListener {
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly budget = new ConnectionBudget();
  readonly turns = new Pacer(MAX_CALLS_AT_ONCE);
  readonly counters = noMeshCounts();

  #self: Member;
  #options: MeshOptions;
  #iceServers: RTCIceServer[] = [];
  #members = new Map<NodeId, Member>();
  #links = new Map<NodeId, Link>();
  #routes: SignalRoutes;
  #rules = new LinkRules(NO_RULES);
  #node: TransportListener | null = null;
  #running = true;
  #nodeLives = true;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#self = options.self;
    this.room = options.room;
    this.timers = options.timers;
    this.#routes = new SignalRoutes(options.post, this.#links, this.counters);
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
    if (this.isCut(from)) {
      this.counters.cutSignals++;
      return;
    }
    // Whoever calls has its plug in, even if the news of that has not come yet.
    const calls = signal.type === 'offer' || signal.type === 'knock';
    if (calls && !member.plugged) this.takeMember({ ...member, plugged: true });
    const fresh = this.#linkTo(from).signal(route, nonce, signal);
    if (!fresh) this.counters.staleSignals++;
  }

  /** Links that are cut close and stay closed; those that no longer are open again at once. */
  obey(rules: LinkRules): void {
    this.#rules = rules;
    for (const member of this.#members.values()) this.#review(member);
  }

  /** Nothing of this node's may leave for that one, whatever may come back. */
  cutsWayTo(id: NodeId): boolean {
    return this.#isNode(id) && this.#rules.cutsWay(this.#self.id, id);
  }

  /** Rules forbid the link to that node. Links to observers are never cut. */
  isCut(id: NodeId): boolean {
    return this.#isNode(id) && this.#rules.isCut(this.#self.id, id);
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

  route(to: NodeId): Route | null {
    return this.#routes.find(to, this.#members.get(to)?.present ?? false);
  }

  post(route: Route, to: NodeId, nonce: string, signal: Signal): void {
    this.#routes.send(route, to, nonce, signal);
  }

  joined(link: Link, hello: Member): void {
    const known = this.#members.get(hello.id);
    this.takeMember(known ? { ...hello, role: known.role, present: known.present } : hello);
    if (!link.open) return;
    if (!this.#routes.post.connected) {
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
        return this.#routes.passOn(link, message, this.#rules);
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
    else if (this.#self.plugged) link.unwant(null, this.isCut(member.id) ? 'cut' : 'unwanted');
    else link.unwant('unplugged');
    this.#options.changed();
  }

  #shouldLink(member: Member): boolean {
    if (this.#self.role === 'observer') return member.role === 'node';
    if (member.role === 'observer') return true;
    if (this.isCut(member.id)) return false;
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

  /** A tab may say anything of itself, and of others only that they exist. */
  #heardOf(teller: NodeId, member: Member): void {
    const known = this.#members.get(member.id);
    if (member.id === teller && known)
      this.takeMember({ ...member, role: known.role, present: known.present });
    else if (!known && !this.#routes.post.connected) this.takeMember({ ...member, present: false });
  }

  #tell(message: LinkMessage, role: Member['role']): void {
    for (const link of this.#links.values()) {
      if (link.open && this.#members.get(link.id)?.role === role) link.manage(message);
    }
  }
}
