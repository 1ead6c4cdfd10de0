import type { Report } from '../../src/wire/link-messages.ts';
import type { Member, Signal } from '../../src/wire/signaling-messages.ts';
import { MAX_CAPACITY, MAX_OBSERVERS } from '../../src/wire/signaling-limits.ts';
import type { Lane, SendOutcome } from '../../src/wire/lane.ts';
import type { Links } from '../../src/membership/overlay/links.ts';
import type { LinkRules } from '../../src/network/rules-document.ts';
import type { Transport, TransportListener } from '../../src/network/transport.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import { ConnectionBudget } from './connection-budget.ts';
import type { ManagementMessage } from './conversation.ts';
import { Link, type LinkListener } from './link.ts';
import { LinkPolicy } from './link-policy.ts';
import type { LinkContext, LostReason, Route } from './link-context.ts';
import { MeshTalk, type Hearer, type TalkOptions } from './mesh-talk.ts';
import { MAX_CALLS_AT_ONCE, Pacer } from './pacer.ts';
import { noMeshCounts, SignalRoutes, type SignalPost } from './signal-routes.ts';
import type { Timers } from './timers.ts';

/** Everybody who can be in a room; a roster that claims more is wrong. */
const MAX_MEMBERS = MAX_CAPACITY + MAX_OBSERVERS;

export interface MeshOptions extends TalkOptions {
  readonly self: Member;
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly post: SignalPost;
  /** Members, links or their rungs have changed. Called often; draw at most once a frame. */
  readonly changed: () => void;
}

/**
 * All links of one tab: keeps one to every member that there should be one to, carries their signals
 * through the server or through each other, and is the transport that the node runs on. To which other
 * nodes there should be one, the node says (`Links`); as long as it says nothing, to all.
 */
export class Mesh implements Transport, Links, LinkContext, LinkListener, Hearer {
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly budget = new ConnectionBudget();
  readonly turns = new Pacer(MAX_CALLS_AT_ONCE, () => this.timers.now());
  readonly counters = noMeshCounts();
  readonly routes: SignalRoutes;

  #options: MeshOptions;
  #iceServers: RTCIceServer[] = [];
  #members = new Map<NodeId, Member>();
  #links = new Map<NodeId, Link>();
  readonly #policy: LinkPolicy;
  readonly #talk: MeshTalk;
  #node: TransportListener | null = null;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#policy = new LinkPolicy(options.self, this.#members, (id) => this.#reviewOne(id));
    this.room = options.room;
    this.timers = options.timers;
    this.routes = new SignalRoutes(options.post, this.#links, this.counters);
    this.#talk = new MeshTalk(this, this.#links, options);
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
    if (member.id === this.self) return;
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
    if (calls) {
      this.#policy.wanted.heard(from, true);
      this.takeMember({ ...member, plugged: true });
    }
    const fresh = this.#linkTo(from).signal(route, nonce, signal);
    if (!fresh) this.counters.staleSignals++;
    // A call over a link that was taken for open has closed it first.
    else if (calls) this.#policy.wanted.heard(from, true);
  }

  takeWant(id: NodeId, wanted: boolean): void {
    this.#policy.wanted.heard(id, wanted);
    this.#reviewOne(id);
  }

  /** Links that are cut close and stay closed; those that no longer are open again at once. */
  obey(rules: LinkRules): void {
    this.#policy.rules = rules;
    for (const member of this.#members.values()) this.#review(member);
  }

  /** Nothing of this node's may leave for that one, whatever may come back. */
  cutsWayTo(id: NodeId): boolean {
    return this.#policy.cutsWayTo(id);
  }

  /** Rules forbid the link to that node. */
  isCut(id: NodeId): boolean {
    return this.#policy.isCut(id);
  }

  setIceServers(servers: RTCIceServer[]): void {
    this.#iceServers = servers;
  }

  /** This tab's own name, plug or role has changed: neighbours hear it even without a server. */
  setSelf(self: Member): void {
    this.#policy.self = self;
    for (const member of this.#members.values()) this.#review(member);
    this.#talk.tell({ type: 'roster', members: [self] }, 'node');
    this.#options.changed();
  }

  /** To every observer that is linked. */
  report(report: Report): void {
    this.#talk.tell(report, 'observer');
  }

  members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get rules(): LinkRules {
    return this.#policy.rules;
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
    this.#policy.nodeLives = false;
    this.#policy.wanted.forget();
    for (const member of this.#members.values()) this.#review(member);
  }

  /** It lives again, as `self`; `start` has been called with what the new life hears. */
  revive(self: Member): void {
    this.#policy.nodeLives = true;
    this.setSelf(self);
  }

  /** The page is going away. */
  abandon(): void {
    this.#policy.running = false;
    for (const link of this.#links.values()) link.abandon();
  }

  // --- the transport of the node ---

  get self(): NodeId {
    return this.#policy.self.id;
  }

  start(listener: TransportListener): void {
    this.#node = listener;
  }

  stop(): void {
    this.#node = null;
    this.#policy.running = false;
    for (const link of this.#links.values()) link.unwant('leaving');
  }

  neighbours(): readonly NodeId[] {
    return [...this.#links.values()]
      .filter((link) => link.open && this.#policy.isNode(link.id))
      .map((link) => link.id)
      .sort();
  }

  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome {
    const link = this.#links.get(to);
    return link && this.#policy.isNode(to) ? link.send(frame, lane) : 'no-link';
  }

  // --- the links that the node chooses ---

  /** Other nodes that a link could be made to now. */
  contacts(): readonly NodeId[] {
    // Without a server nobody knows who is there.
    const isThere = ({ id, present }: Member) =>
      present || !this.routes.post.connected || this.#links.get(id)?.open === true;
    return [...this.#members.values()]
      .filter((member) => this.#policy.may(member) && isThere(member))
      .map(({ id }) => id);
  }

  want(id: NodeId): void {
    this.#policy.wanted.want(id);
  }

  unwant(id: NodeId): void {
    this.#policy.wanted.unwant(id);
  }

  // --- what links ask and tell ---

  selfMember(): Member {
    return this.#policy.self;
  }

  iceServers(): RTCIceServer[] {
    return this.#iceServers;
  }

  wants(to: NodeId): boolean {
    const member = this.#members.get(to);
    return member !== undefined && this.#policy.should(member);
  }

  mustKnock(to: NodeId): boolean {
    return this.#policy.isNode(to) && this.#policy.wanted.isChosen(to, this.contacts());
  }

  route(to: NodeId): Route | null {
    return this.routes.find(to, this.#members.get(to)?.present ?? false);
  }

  post(route: Route, to: NodeId, nonce: string, signal: Signal): void {
    this.routes.send(route, to, nonce, signal);
  }

  joined(link: Link, hello: Member): void {
    if (this.#policy.isNode(link.id)) this.#policy.wanted.opened(link.id);
    const known = this.#members.get(hello.id);
    this.takeMember(known ? { ...hello, role: known.role, present: known.present } : hello);
    if (!link.open) return;
    if (!this.routes.post.connected) {
      const members = [this.selfMember(), ...this.#members.values()].slice(0, MAX_MEMBERS);
      link.manage({ type: 'roster', members });
    }
    if (this.#policy.isNode(link.id)) this.#node?.up(link.id);
    this.#tellWant(link);
    this.#options.telemetry?.linked?.(link.id);
    this.#options.changed();
  }

  lost(link: Link, reason: LostReason): void {
    this.#policy.wanted.closed(link.id);
    if (this.#policy.isNode(link.id)) this.#node?.down(link.id, reason);
  }

  failed(link: Link, reason: LostReason): void {
    // Whoever wants it still calls again.
    this.#policy.wanted.closed(link.id);
    this.counters.lost[reason] = (this.counters.lost[reason] ?? 0) + 1;
  }

  frame(link: Link, bytes: Uint8Array, lane: Lane): void {
    if (this.#policy.isNode(link.id)) this.#node?.frame(link.id, bytes, lane);
  }

  management(link: Link, message: ManagementMessage): void {
    this.#talk.heard(link, message);
  }

  changed(): void {
    this.#options.changed();
  }

  // --- within ---

  #linkTo(id: NodeId): Link {
    let link = this.#links.get(id);
    if (!link) {
      link = new Link(id, this, this);
      this.#links.set(id, link);
    }
    return link;
  }

  #reviewOne(id: NodeId): void {
    const member = this.#members.get(id);
    if (member) this.#review(member);
  }

  #review(member: Member): void {
    const link = this.#linkTo(member.id);
    if (this.#policy.should(member)) {
      link.want();
      if (link.open) this.#tellWant(link);
    } else {
      link.unwant(this.#policy.byeTo(member), this.isCut(member.id) ? 'cut' : 'unwanted');
      this.#policy.wanted.closed(member.id);
    }
    this.#options.changed();
  }

  #tellWant(link: Link): void {
    const news = this.#policy.isNode(link.id) ? this.#policy.wanted.news(link.id) : null;
    if (news) link.manage({ type: 'want', ...news });
  }

  #forget(id: NodeId): void {
    this.#links.get(id)?.unwant(null);
    this.#links.delete(id);
    this.#members.delete(id);
    this.#options.changed();
  }
}
