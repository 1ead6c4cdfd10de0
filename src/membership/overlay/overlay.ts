import { DEFAULT_CHOICES, type RoomChoices } from '../../network/room-choices.ts';
import type { Cancel, Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';
import type { Json, Milliseconds, NodeId } from '../../vocabulary.ts';
import { BEAT_MS, Beats } from './beats.ts';
import type { Links } from './links.ts';
import { overlaySchema, type OverlayMessage } from './overlay-messages.ts';
import { Partings } from './partings.ts';
import { PassiveView } from './passive-view.ts';
import { Prospects } from './prospects.ts';
import { AVOID_LOST_MS, Search } from './search.ts';
import { Shuffles } from './shuffles.ts';
import { Ties } from './ties.ts';
import { WayToRoot } from './way-to-root.ts';

/**
 * The partial view of the mesh, in HyParView's manner: which links this node wants. Small rooms are a
 * full mesh; in a larger one each node keeps a few neighbours and knows of more (`active`,
 * `passive`). The rules OVERLAY-1 to OVERLAY-12 stand in README.md.
 */

/** So many links above its view a node bears before it lets go of some: who looks for one must find it. */
export const SLACK = 2;

/** Soon enough that a lost neighbour is replaced before a person asks; seldom enough to cost nothing. */
const REVIEW_MS: Milliseconds = 500;

/** HyParView shuffles rarely: the views of a class change with those who come and go. */
const SHUFFLE_MS: Milliseconds = 10_000;

/** Gaps grow by up to this share of them, so that nodes do not fall into step. */
const JITTER = 0.1;

/** Who comes into a growing room hears of the others one by one: it chooses when it knows a few. */
const GATHER_MS: Milliseconds = 250;

/** A room must be small for so long before its mesh is full again, so that one who comes and goes changes nothing. */
const FULL_AGAIN_MS: Milliseconds = 5_000;

export type OverlayChoices = Pick<RoomChoices, 'fullMeshUpTo' | 'activeView'>;

export class Overlay implements Protocol<OverlayMessage> {
  private readonly host: Host<OverlayMessage>;
  private readonly links: Links;
  private readonly ties: Ties;
  private readonly passiveView: PassiveView;
  private readonly prospects: Prospects;
  private readonly shuffles: Shuffles;
  private readonly listeners = new Set<(id: NodeId, consents: boolean) => void>();
  // From `start` on.
  private way!: WayToRoot;
  private beats!: Beats;
  private partings!: Partings;
  private search!: Search;
  private choices: OverlayChoices = DEFAULT_CHOICES;
  private running = false;
  private full = false;
  private largeUntil: Milliseconds = -Infinity;
  private gathering = false;

  constructor(host: Host<OverlayMessage>, links: Links) {
    this.host = host;
    this.links = links;
    this.ties = new Ties(links);
    this.passiveView = new PassiveView(() => host.random());
    this.prospects = new Prospects(this.passiveView, () => host.random());
    this.shuffles = new Shuffles(host, this.passiveView, (ids) => this.search.meet(ids));
  }

  start(): void {
    const { host, links } = this;
    this.way = new WayToRoot(host.self, host.incarnation, host.monotonic());
    this.beats = new Beats(host, this.ties, this.way);
    this.search = new Search(host, this.ties, this.way, this.prospects, this.passiveView);
    this.partings = new Partings(this.ties, this.way, {
      disconnect: (id) => this.say(id, 'disconnect'),
      keep: (id) => this.say(id, 'keep'),
      consents: (id, does) => this.listeners.forEach((listener) => listener(id, does)),
      seek: () => this.search.seekAnother(),
    });
    this.running = true;
    this.review();
    // Until now the mesh may have linked everybody.
    for (const id of links.contacts()) if (this.ties.get(id) === undefined) links.unwant(id);
    this.every(REVIEW_MS, () => this.review());
    this.every(BEAT_MS, () => this.beats.inTurn(host.monotonic()));
    this.every(SHUFFLE_MS, () => this.shuffle());
  }

  stop(): void {
    this.running = false;
  }

  /** Views grow and shrink step by step, as links open and others are agreed to be let go. */
  use({ fullMeshUpTo, activeView }: OverlayChoices): void {
    this.choices = { fullMeshUpTo, activeView };
    this.largeUntil = -Infinity;
    if (this.running) this.review();
  }

  /** Who could be linked to may be others now. Calling it for nothing costs little. */
  contactsChanged(): void {
    if (!this.running) return;
    const contacts = this.links.contacts();
    if (this.isSmall(contacts.length)) return this.review();
    if (this.gathering) return;
    this.gathering = true;
    this.host.after(GATHER_MS * (1 + this.host.random()), () => {
      this.gathering = false;
      this.review();
    });
  }

  /** The membership holds it for dead: it counts no longer, until it is heard. */
  lost(id: NodeId): void {
    if (!this.running || this.full) return;
    this.search.abandon(id, AVOID_LOST_MS);
    this.review();
  }

  /**
   * `listener` hears when this node consents to the end of a link, so that its closing is no failure,
   * and when it does so no longer.
   */
  onParting(listener: (id: NodeId, consents: boolean) => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The neighbours that it counts on. */
  active(): readonly NodeId[] {
    return this.ties.live(this.host.monotonic());
  }

  passive(): readonly NodeId[] {
    return this.passiveView.all();
  }

  neighbourUp(id: NodeId): void {
    const now = this.host.monotonic();
    this.ties.opened(id, now);
    this.way.heed(id);
    this.search.adopt(id, now);
    this.beats.greet(id, now);
  }

  neighbourDown(id: NodeId): void {
    const agreed = (this.ties.get(id)?.parting ?? null) !== null;
    this.way.forget(id);
    this.ties.closed(id, this.host.monotonic());
    if (!this.full) this.search.doWithout(id, agreed);
    this.review();
  }

  heard(from: NodeId): void {
    const tie = this.ties.get(from);
    if (tie === undefined || tie.openedAt === null) return;
    tie.heardAt = this.host.monotonic();
    tie.lost = false;
    if (!tie.wanted && tie.parting === null) this.search.adopt(from, tie.heardAt);
  }

  receive(from: NodeId, message: OverlayMessage): void {
    const now = this.host.monotonic();
    switch (message.type) {
      case 'beat':
        return this.beats.heard(from, message, now);
      case 'disconnect':
        if (this.full) return this.say(from, 'keep');
        return this.partings.asked(from, now);
      case 'keep':
        return this.partings.kept(from, now);
      case 'shuffle':
        return this.shuffles.walk(message, this.active());
      case 'shuffled':
        return this.shuffles.return(message, this.active());
    }
  }

  resumed(gapMs: Milliseconds): void {
    this.ties.excuse(gapMs);
    this.way.excuse(gapMs);
  }

  inspect(): Json {
    const now = this.host.monotonic();
    const { root, parent } = this.running ? this.way : { root: null, parent: null };
    return {
      full: this.full,
      limit: this.limit,
      active: this.active(),
      passive: this.passive(),
      coming: this.ties.coming(now),
      root,
      parent,
    };
  }

  /** How many links a node has at most, for long, in a room that is no full mesh. */
  get limit(): number {
    return this.choices.activeView + SLACK;
  }

  private review(): void {
    if (!this.running) return;
    const now = this.host.monotonic();
    const contacts = this.links.contacts();
    this.prospects.know(new Set(contacts));
    for (const [id, tie] of [...this.ties.entries()])
      if (tie.openedAt === null && !this.prospects.has(id)) this.ties.unwant(id);
    this.decideSize(contacts.length, now);
    if (this.full) {
      this.partings.revoke(now);
      for (const id of contacts) this.ties.want(id, now);
      return;
    }
    if (this.way.expire(now)) this.beats.tell(now);
    this.partings.review(now);
    this.search.review({ view: this.choices.activeView, limit: this.limit, contacts }, now);
    this.partings.shed(this.limit, () => this.host.random(), now);
  }

  private decideSize(contacts: number, now: Milliseconds): void {
    const small = this.isSmall(contacts);
    if (!small) this.largeUntil = now + FULL_AGAIN_MS;
    this.full = small && now >= this.largeUntil;
    this.beats.looksFor = this.full ? null : this.choices.activeView;
  }

  private isSmall(contacts: number): boolean {
    return contacts + 1 <= this.choices.fullMeshUpTo;
  }

  protected say(to: NodeId, type: 'disconnect' | 'keep'): void {
    if (type === 'disconnect') this.host.record('let-go', { peer: to });
    this.host.send(to, { type });
  }

  private shuffle(): void {
    if (!this.full) this.shuffles.begin(this.active());
  }

  private every(periodMs: Milliseconds, act: () => void): void {
    this.host.after(periodMs * (1 + JITTER * this.host.random()), () => {
      act();
      this.every(periodMs, act);
    });
  }
}

export function overlayOver(links: Links): ProtocolDefinition<OverlayMessage, Overlay> {
  return {
    name: 'overlay',
    version: 1,
    schema: overlaySchema,
    lane: 'stream',
    create: (host) => new Overlay(host, links),
  };
}
