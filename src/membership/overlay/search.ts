import type { Host } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { OverlayMessage } from './overlay-messages.ts';
import type { PassiveView } from './passive-view.ts';
import type { Prospects } from './prospects.ts';
import type { Ties } from './ties.ts';
import { ISLAND_AFTER_MS, IslandWatch, IsolationWatch } from './watchdogs.ts';
import { STEADY_MS, type WayToRoot } from './way-to-root.ts';

/** Who has not answered, or is held for dead, is tried after all others for so long. */
const AVOID_FAILED_MS: Milliseconds = 8_000;
export const AVOID_LOST_MS: Milliseconds = 30_000;

/** How long a node on whose link all that is behind it hangs looks for one more than its view. */
const SEEK_MS: Milliseconds = 6_000;

/** What a node looks for. */
interface Goal {
  /** So many links, and at most so many. */
  readonly view: number;
  readonly limit: number;
  readonly contacts: readonly NodeId[];
}

/** Where a node with a partial view looks for links: what it lacks, and what the mesh may lack. */
export class Search {
  private readonly host: Host<OverlayMessage>;
  private readonly ties: Ties;
  private readonly way: WayToRoot;
  private readonly prospects: Prospects;
  private readonly passive: PassiveView;
  private readonly isolation = new IsolationWatch();
  private readonly islands: IslandWatch;
  private seekUntil: Milliseconds = -Infinity;

  constructor(
    host: Host<OverlayMessage>,
    ties: Ties,
    way: WayToRoot,
    prospects: Prospects,
    passive: PassiveView,
  ) {
    this.host = host;
    this.ties = ties;
    this.way = way;
    this.prospects = prospects;
    this.passive = passive;
    this.islands = new IslandWatch(() => host.random());
  }

  review(goal: Goal, now: Milliseconds): void {
    this.giveUp(now);
    this.fill(goal, now);
    this.lookForIslands(goal.contacts, now);
  }

  /** One more than the view, for a while. */
  seekAnother(): void {
    this.seekUntil = this.host.monotonic() + SEEK_MS;
  }

  /** Whoever calls, or is heard again. */
  adopt(id: NodeId, now: Milliseconds): void {
    this.prospects.trust(id);
    this.passive.delete(id);
    this.ties.want(id, now);
  }

  /** Its link may be open still, but it counts no longer. */
  abandon(id: NodeId, avoidMs: Milliseconds): void {
    this.prospects.avoid(id, avoidMs, this.host.monotonic());
    const tie = this.ties.get(id);
    if (tie === undefined) return;
    tie.lost = true;
    tie.parting = null;
    this.way.forget(id);
    this.ties.unwant(id);
  }

  /** Its link has closed. */
  doWithout(id: NodeId, agreed: boolean): void {
    this.ties.unwant(id);
    if (!agreed) this.prospects.avoid(id, AVOID_FAILED_MS, this.host.monotonic());
    else this.meet([id]);
  }

  /** These were somebody's neighbours not long ago. */
  meet(ids: readonly NodeId[]): void {
    for (const id of ids) {
      if (!this.prospects.has(id) || !this.isFree(id)) continue;
      this.prospects.trust(id);
      this.passive.add(id);
    }
  }

  /** What was not to be had, or carries nothing any more. */
  private giveUp(now: Milliseconds): void {
    for (const id of this.ties.silent(now)) this.abandon(id, AVOID_FAILED_MS);
    for (const id of this.ties.overdue(now)) {
      this.prospects.avoid(id, AVOID_FAILED_MS, now);
      this.ties.unwant(id);
    }
  }

  /** As many links as the view lacks, besides those that are on their way. */
  private fill({ view, limit, contacts }: Goal, now: Milliseconds): void {
    const live = this.ties.live(now).length;
    if (this.isolation.look(live === 0 && contacts.length > 0, now)) this.beginAnew();
    const seeking = now < this.seekUntil && live < limit ? live + 1 : 0;
    const target = Math.min(contacts.length, Math.max(view, seeking));
    const missing = target - live - this.ties.coming(now).length;
    if (missing <= 0) return;
    this.seekUntil = -Infinity;
    for (const peer of this.prospects.choose(missing, (id) => this.isFree(id), now)) {
      this.host.record('promote', { peer, known: this.passive.has(peer) });
      this.passive.delete(peer);
      this.ties.want(peer, now);
    }
  }

  /** Nobody is heard: whatever was believed of anybody may be wrong. */
  private beginAnew(): void {
    this.host.record('bootstrap', {});
    this.prospects.trustAll();
    for (const [id, tie] of [...this.ties.entries()])
      if (tie.openedAt === null) this.ties.unwant(id);
  }

  /**
   * All of a mesh agree on the smallest of its ids. Who is smaller and not in it is dead, or on
   * another island: the root finds out by a call.
   */
  protected lookForIslands(contacts: readonly NodeId[], now: Milliseconds): void {
    const { way, host } = this;
    const watching = way.isRoot ? 1 : contacts.length;
    const smaller = (id: NodeId) => id < way.root && this.isFree(id);
    const sure = way.ageMs(now) >= (way.isRoot ? ISLAND_AFTER_MS : STEADY_MS);
    if (!sure || !contacts.some(smaller) || !this.islands.look(watching, now)) return;
    const peer = this.prospects.pick(smaller, now);
    if (peer === undefined) return;
    host.record('probe', { peer });
    this.ties.want(peer, now);
  }

  private isFree(id: NodeId): boolean {
    const tie = this.ties.get(id);
    return tie === undefined || (!tie.wanted && tie.openedAt === null);
  }
}
