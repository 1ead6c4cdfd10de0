import type { Incarnation, Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Beat } from './overlay-messages.ts';

/**
 * How long the root's last beat counts. It beats once a second; this covers one that a busy disk or
 * tab held back, a way of several slow hops, and PROOF_MS of a node that passes nothing on meanwhile.
 */
export const FRESH_MS: Milliseconds = 5_000;

/** A root that has stood for so long is agreed on by the whole of what is connected. */
export const STEADY_MS: Milliseconds = 3_000;

/** Roots that were heard of: a few at a time are alive, the rest must not be taken for it again. */
const MAX_ROOTS = 64;

type Said = Pick<Beat, 'root' | 'life' | 'number' | 'ageMs' | 'hops'>;

interface Heard {
  readonly life: Incarnation;
  readonly number: number;
  readonly at: Milliseconds;
}

/**
 * The way from here to the smallest id within what is connected: the root. It beats, everybody
 * passes each beat on once, and whom a beat came from first is the next step on the way (`parent`).
 * All parents together are a tree over all that is connected.
 *
 * This is a distance vector with numbers from its destination, as in DSDV (Perkins and Bhagwat 1994):
 * a way is left only for one with a newer beat, or a shorter one with the same. So ways never run in
 * circles, and a new beat that came another way proves that there is another way.
 */
export class WayToRoot {
  root: NodeId;
  parent: NodeId | null = null;
  private readonly self: NodeId;
  private readonly life: Incarnation;
  private hops = 0;
  /** The beat of `root` that this way belongs to; this node's own last one where it is the root. */
  private number = 0;
  private rootSince: Milliseconds;
  /** The newest beat of each root. */
  private readonly heardOf = new Map<NodeId, Heard>();
  /** The root that each neighbour follows. */
  private readonly follows = new Map<NodeId, NodeId>();
  private readonly ignored = new Set<NodeId>();

  constructor(self: NodeId, life: Incarnation, now: Milliseconds) {
    this.self = self;
    this.life = life;
    this.root = self;
    this.rootSince = now;
  }

  get isRoot(): boolean {
    return this.root === this.self;
  }

  /** For how long it has followed this root. */
  ageMs(now: Milliseconds): Milliseconds {
    return now - this.rootSince;
  }

  /** It has followed this root for a while, and knows the next step to it. */
  steady(now: Milliseconds): boolean {
    return this.ageMs(now) >= STEADY_MS && (this.isRoot || this.parent !== null);
  }

  agrees(neighbour: NodeId): boolean {
    return this.follows.get(neighbour) === this.root;
  }

  /** The root counts its own beat. */
  beat(): void {
    if (this.isRoot) this.number += 1;
  }

  says(now: Milliseconds): Said {
    const { root, hops } = this;
    if (this.isRoot) return { root, hops, life: this.life, number: this.number, ageMs: 0 };
    const { life, number, at } = this.heardOf.get(root)!;
    return { root, hops, life, number, ageMs: now - at };
  }

  /** @returns whether it is news, to be passed on at once */
  hear(from: NodeId, said: Said, now: Milliseconds): boolean {
    const { root, life, number, hops, ageMs } = said;
    this.follows.set(from, root);
    // Of what is ignored not even the number may be known: it would pass for proof of another way.
    if (this.ignored.has(from) || root >= this.self || root > this.root) return false;
    const before = this.heardOf.get(root);
    const newer = isNewer(said, before);
    if (newer) this.remember(root, { life, number, at: now - ageMs });
    if (now - this.heardOf.get(root)!.at >= FRESH_MS) return false;
    const same = life === before?.life && number === before.number;
    const shorter = same && (root < this.root || hops + 1 < this.hops);
    if (!newer && !shorter) return false;
    if (root !== this.root) this.follow(root, now);
    this.parent = from;
    this.hops = hops + 1;
    return newer;
  }

  /** @returns whether the root has been silent for too long, so that this node is its own */
  expire(now: Milliseconds): boolean {
    if (this.isRoot || now - this.heardOf.get(this.root)!.at < FRESH_MS) return false;
    this.follow(this.self, now);
    this.parent = null;
    this.hops = 0;
    return true;
  }

  /** Nothing that this neighbour says counts, until `heed`. */
  ignore(neighbour: NodeId): void {
    this.ignored.add(neighbour);
    if (this.parent === neighbour) this.parent = null;
  }

  heed(neighbour: NodeId): void {
    this.ignored.delete(neighbour);
  }

  /** Its link has closed, or leads nowhere. */
  forget(neighbour: NodeId): void {
    this.follows.delete(neighbour);
    this.ignored.delete(neighbour);
    if (this.parent === neighbour) this.parent = null;
  }

  /** This node itself did not run for so long. */
  excuse(gapMs: Milliseconds): void {
    for (const [root, heard] of this.heardOf)
      this.heardOf.set(root, { ...heard, at: heard.at + gapMs });
    this.rootSince += gapMs;
  }

  private follow(root: NodeId, now: Milliseconds): void {
    this.root = root;
    this.rootSince = now;
  }

  private remember(root: NodeId, heard: Heard): void {
    this.heardOf.delete(root);
    if (this.heardOf.size === MAX_ROOTS) {
      const oldest = [...this.heardOf.keys()].find((id) => id !== this.root)!;
      this.heardOf.delete(oldest);
    }
    this.heardOf.set(root, heard);
  }
}

function isNewer(said: Said, heard: Heard | undefined): boolean {
  if (heard === undefined || said.life !== heard.life) return said.life > (heard?.life ?? 0);
  return said.number > heard.number;
}
