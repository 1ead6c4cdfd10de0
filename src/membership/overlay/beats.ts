import type { Host } from '../../runtime/host.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Beat, OverlayMessage } from './overlay-messages.ts';
import type { Ties } from './ties.ts';
import type { WayToRoot } from './way-to-root.ts';

/** Soon enough that all agree on a root while a person waits; seldom enough to cost nothing. */
export const BEAT_MS: Milliseconds = 1_000;

/** What neighbours tell each other all the time: their way to the root, and how many links they have. */
export class Beats {
  /** How many links this node looks for; null in a full mesh, where nobody needs to know. */
  looksFor: number | null = null;
  private readonly host: Host<OverlayMessage>;
  private readonly ties: Ties;
  private readonly way: WayToRoot;
  private toldAt: Milliseconds = -Infinity;

  constructor(host: Host<OverlayMessage>, ties: Ties, way: WayToRoot) {
    this.host = host;
    this.ties = ties;
    this.way = way;
    way.beat();
  }

  inTurn(now: Milliseconds): void {
    // Who has passed on the root's beat has just beaten.
    if (!this.way.isRoot && now - this.toldAt < BEAT_MS) return;
    this.way.expire(now);
    this.way.beat();
    this.tell(now);
  }

  tell(now: Milliseconds): void {
    this.toldAt = now;
    for (const id of this.host.neighbours()) this.greet(id, now);
  }

  /** In a full mesh only who has said something itself: its view is partial. */
  greet(id: NodeId, now: Milliseconds): void {
    if (this.looksFor === null && (this.ties.get(id)?.said ?? null) === null) return;
    const links = this.ties.live(now).length;
    this.host.send(id, {
      type: 'beat',
      ...this.way.says(now),
      leans: this.way.parent === id,
      links,
      spare: this.looksFor !== null && links > this.looksFor,
    });
  }

  heard(from: NodeId, beat: Beat, now: Milliseconds): void {
    const tie = this.ties.get(from);
    if (tie === undefined || tie.openedAt === null) return;
    const { leans, links, spare } = beat;
    tie.said = { leans, links, spare };
    if (this.way.hear(from, beat, now)) this.tell(now);
  }
}
