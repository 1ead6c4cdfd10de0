import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Links } from './links.ts';
import type { Beat } from './overlay-messages.ts';

/**
 * A neighbour of which nothing was heard for so long is no neighbour to count on. Membership finds
 * out sooner that somebody died; this is for what it does not say, as where a link fails one way. It
 * is longer than the three seconds for which a busy tab may well be frozen.
 */
export const SILENT_MS: Milliseconds = 4_000;

/** How long a connection may take before another is begun beside it: at first, at least, at most. */
const FIRST_PATIENCE_MS: Milliseconds = 6_000;
const LEAST_PATIENCE_MS: Milliseconds = 2_500;
const LONGEST_PATIENCE_MS: Milliseconds = 7_500;

/** Connections of one tab share its processor: if one took long, the next may take twice as long. */
const PATIENCE_FACTOR = 2;

/** Of a connection's time that counts, beside those before it. */
const SMOOTHING = 0.3;

/** A connection that was not made in this time is not waited for any longer. */
export const GIVE_UP_MS: Milliseconds = 15_000;

/** How two ends agree to do without a link. */
export interface Parting {
  /** This end asked; this end was asked and looks whether it can; it said yes. */
  readonly stage: 'asked' | 'proving' | 'agreed';
  readonly since: Milliseconds;
  /** Whose beats this node followed when it began. */
  readonly root: NodeId;
}

/** What this node knows of one link that it asked for, or that somebody made to it. */
export interface Tie {
  wanted: boolean;
  askedAt: Milliseconds;
  /** Null while it is not there. */
  openedAt: Milliseconds | null;
  heardAt: Milliseconds;
  /** It is open but nothing comes through, or the other end is held for dead. */
  lost: boolean;
  parting: Parting | null;
  /** When the other end last said that it cannot do without. */
  keptAt: Milliseconds;
  /** What the other end last said of itself. */
  said: Pick<Beat, 'leans' | 'links' | 'spare'> | null;
}

/** The links of this node: which it wants, which are there, and which of them still carry anything. */
export class Ties {
  private readonly links: Links;
  private readonly ties = new Map<NodeId, Tie>();
  private patienceMs = FIRST_PATIENCE_MS;

  constructor(links: Links) {
    this.links = links;
  }

  get(id: NodeId): Tie | undefined {
    return this.ties.get(id);
  }

  entries(): IterableIterator<[NodeId, Tie]> {
    return this.ties.entries();
  }

  want(id: NodeId, now: Milliseconds): void {
    const tie = this.tie(id, now);
    if (tie.wanted) return;
    tie.wanted = true;
    tie.askedAt = now;
    this.links.want(id);
  }

  unwant(id: NodeId): void {
    const tie = this.ties.get(id);
    if (tie?.wanted !== true) return;
    tie.wanted = false;
    if (tie.openedAt === null) this.ties.delete(id);
    this.links.unwant(id);
  }

  opened(id: NodeId, now: Milliseconds): void {
    const tie = this.tie(id, now);
    if (tie.wanted && tie.openedAt === null) this.learn(now - tie.askedAt);
    Object.assign(tie, fresh(tie.askedAt), { wanted: tie.wanted, openedAt: now, heardAt: now });
  }

  /** It is still waited for, if it is wanted. */
  closed(id: NodeId, now: Milliseconds): void {
    const { wanted } = this.tie(id, now);
    if (wanted) this.ties.set(id, { ...fresh(now), wanted });
    else this.ties.delete(id);
  }

  /** Those that carry something and that nobody is about to let go. */
  live(now: Milliseconds): NodeId[] {
    return this.those(
      (tie) =>
        isOpen(tie) && !isSilent(tie, now) && !(tie.parting && tie.parting.stage !== 'proving'),
    );
  }

  /** Asked for so lately that they may still come. */
  coming(now: Milliseconds): NodeId[] {
    return this.those((tie) => isComing(tie) && now - tie.askedAt < this.patienceMs);
  }

  /** Waited for in vain. */
  overdue(now: Milliseconds): NodeId[] {
    return this.those((tie) => isComing(tie) && now - tie.askedAt >= GIVE_UP_MS);
  }

  /** There, and nothing comes through any more. */
  silent(now: Milliseconds): NodeId[] {
    return this.those((tie) => isOpen(tie) && !tie.lost && isSilent(tie, now));
  }

  /** This node itself did not run for so long. */
  excuse(gapMs: Milliseconds): void {
    for (const tie of this.ties.values()) tie.heardAt += gapMs;
  }

  private those(are: (tie: Tie) => boolean): NodeId[] {
    return [...this.ties].flatMap(([id, tie]) => (are(tie) ? [id] : []));
  }

  private tie(id: NodeId, now: Milliseconds): Tie {
    const tie = this.ties.get(id) ?? fresh(now);
    this.ties.set(id, tie);
    return tie;
  }

  private learn(tookMs: Milliseconds): void {
    const patienceMs = this.patienceMs + SMOOTHING * (PATIENCE_FACTOR * tookMs - this.patienceMs);
    this.patienceMs = Math.min(LONGEST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, patienceMs));
  }
}

function fresh(now: Milliseconds): Tie {
  return {
    wanted: false,
    askedAt: now,
    openedAt: null,
    heardAt: now,
    lost: false,
    parting: null,
    keptAt: -Infinity,
    said: null,
  };
}

function isOpen(tie: Tie): boolean {
  return tie.openedAt !== null;
}

function isComing(tie: Tie): boolean {
  return tie.wanted && !isOpen(tie);
}

function isSilent(tie: Tie, now: Milliseconds): boolean {
  return tie.lost || now - tie.heardAt >= SILENT_MS;
}
