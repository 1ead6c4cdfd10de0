import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Ties } from './ties.ts';
import type { WayToRoot } from './way-to-root.ts';

/**
 * How long a node looks whether the root's next beats come another way: two of them, and what they
 * take over a few slow hops.
 */
export const PROOF_MS: Milliseconds = 3_000;

/** Whoever was asked has answered by then, or never will. */
const ASKED_MS: Milliseconds = 6_000;

/** Who could not do without a link is not asked again so soon: it first has to find another. */
const KEPT_MS: Milliseconds = 4_000;

/** So many links are let go at a time: a change of view is gradual, and each answer changes what is needed. */
const MAX_ASKED = 2;

export interface PartingVoice {
  disconnect(id: NodeId): void;
  keep(id: NodeId): void;
  /** This end consents to the end of a link, or does so no longer: if it closes now, nothing has failed. */
  consents(id: NodeId, does: boolean): void;
  /** All that is behind a link hangs on it: another way must be found before it can go. */
  seek(): void;
}

/**
 * How two ends agree to do without the link between them, so that what is connected stays so. The
 * parents of all nodes are a tree that holds the mesh together: nobody lets go of its own parent
 * unless the root's next beat has come to it another way, and meanwhile it passes no other on.
 */
export class Partings {
  private readonly ties: Ties;
  private readonly way: WayToRoot;
  private readonly voice: PartingVoice;

  constructor(ties: Ties, way: WayToRoot, voice: PartingVoice) {
    this.ties = ties;
    this.way = way;
    this.voice = voice;
  }

  /** Asks as many ends as there are links above `limit`, the least needed ones first. */
  shed(limit: number, random: () => number, now: Milliseconds): void {
    if (!this.way.steady(now)) return;
    const live = this.ties.live(now);
    const asked = [...this.ties.entries()].filter(([, tie]) => tie.parting?.stage === 'asked');
    const above = Math.min(live.length - limit, MAX_ASKED - asked.length);
    if (above <= 0) return;
    const ranked = live
      .flatMap((id) =>
        this.mayAsk(id, now) ? [{ id, need: this.needOf(id), draw: random() }] : [],
      )
      .sort((a, b) => a.need - b.need || a.draw - b.draw);
    for (const { id } of ranked.slice(0, above)) {
      this.ties.get(id)!.parting = { stage: 'asked', since: now, root: this.way.root };
      this.way.ignore(id);
      this.voice.disconnect(id);
      this.voice.consents(id, true);
      this.ties.unwant(id);
    }
  }

  /** A neighbour has more links than it should have. */
  asked(by: NodeId, now: Milliseconds): void {
    const tie = this.ties.get(by);
    if (tie === undefined || tie.openedAt === null || tie.parting !== null) return;
    const alone = this.ties.live(now).every((id) => id === by);
    if (alone || !this.way.steady(now) || !this.way.agrees(by)) return this.refuse(by);
    if (!this.hangsOn(by)) return this.agree(by, now);
    tie.parting = { stage: 'proving', since: now, root: this.way.root };
    this.way.ignore(by);
  }

  /** The other end cannot do without. */
  kept(by: NodeId, now: Milliseconds): void {
    const tie = this.ties.get(by);
    if (tie?.parting?.stage !== 'asked') return;
    tie.keptAt = now;
    this.stay(by, now);
  }

  /** What came of what was begun. */
  review(now: Milliseconds): void {
    for (const [id, { parting }] of this.ties.entries()) {
      if (parting === null) continue;
      const tookMs = now - parting.since;
      if (parting.stage === 'proving') {
        // Another root proves nothing: the way to it may be through a part that only this link holds.
        const proven = this.way.parent !== null && this.way.root === parting.root;
        if (proven) this.agree(id, now);
        else if (tookMs >= PROOF_MS || this.way.root !== parting.root) {
          this.refuse(id);
          this.voice.seek();
        }
      } else if (tookMs >= ASKED_MS) this.stay(id, now);
    }
  }

  /** Everybody is wanted again. */
  revoke(now: Milliseconds): void {
    for (const [id, { parting }] of this.ties.entries()) {
      if (parting?.stage === 'proving') this.refuse(id);
      else if (parting !== null) this.stay(id, now);
    }
  }

  /** Not this node's own way, not the other's last link, and nobody who said so lately. */
  private mayAsk(id: NodeId, now: Milliseconds): boolean {
    const { parting, said, keptAt } = this.ties.get(id)!;
    if (parting !== null || said === null || said.links <= 1 || now - keptAt < KEPT_MS)
      return false;
    return !this.hangsOn(id) && this.way.agrees(id);
  }

  /** Without this link nothing leads from here to the root, as far as is known. */
  protected hangsOn(id: NodeId): boolean {
    return this.way.parent === id;
  }

  /** Least who has links to spare, then by how few it has; most who has its own way over here. */
  private needOf(id: NodeId): number {
    const { leans, spare, links } = this.ties.get(id)!.said!;
    return (leans ? LEANS : 0) + (spare ? 0 : SPARES_NONE) - links;
  }

  private agree(id: NodeId, now: Milliseconds): void {
    this.ties.get(id)!.parting = { stage: 'agreed', since: now, root: this.way.root };
    this.way.ignore(id);
    this.voice.consents(id, true);
    this.ties.unwant(id);
  }

  private refuse(id: NodeId): void {
    const tie = this.ties.get(id)!;
    tie.parting = null;
    this.way.heed(id);
    this.voice.keep(id);
  }

  private stay(id: NodeId, now: Milliseconds): void {
    this.ties.get(id)!.parting = null;
    this.way.heed(id);
    this.voice.consents(id, false);
    this.ties.want(id, now);
  }
}

/** Each outweighs all that comes after it: nobody has so many links. */
const SPARES_NONE = 1_000;
const LEANS = 1_000_000;
