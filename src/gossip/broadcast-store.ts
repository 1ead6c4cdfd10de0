import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';
import { sourceKey, type Broadcast, type Past, type Source, type SourceRun } from './broadcast.ts';
import { Retention } from './retention.ts';
import { lengthOf, missing, Sequences } from './sequences.ts';

/** Lives of nodes that are remembered: 60 nodes of a large room, each started four times. */
export const MAX_SOURCES = 256;

/** Of one node's lives the newest are remembered: a tab that reloads all the time pushes nobody else out. */
export const MAX_LIVES = 8;

/**
 * What a neighbour no longer keeps, another may: so long others are asked for it. Five comparisons,
 * each with another neighbour. After it, it is given up.
 */
export const GIVEN_UP_AFTER_MS: Milliseconds = 5_000;

/** What a node knows of one life of one origin. */
export interface SourceState extends Source {
  readonly key: string;
  /** What has arrived, and what was given up. */
  readonly heard: Sequences;
  /** What of it was delivered: all, but for what is held back. */
  readonly delivered: Sequences;
  readonly kept: Map<number, Broadcast>;
  /** Rises with all that is new from whomever: the source with the lowest has been silent longest. */
  freshness: number;
  /** What a neighbour said it no longer keeps, and when one first said so. */
  lost: { upTo: number; readonly since: Milliseconds } | null;
}

/**
 * What a node has heard of each life of each origin, and the broadcasts that it still has to repair
 * others with. It tells what is new from what is known for as long as it remembers the source.
 */
export class BroadcastStore {
  readonly self: NodeId;
  private readonly life: Incarnation;
  private readonly known = new Map<string, SourceState>();
  /** By origin: the newest of its lives that was forgotten. What is not newer is not taken again. */
  private readonly forgotten = new Map<NodeId, Incarnation>();
  private readonly retention = new Retention(({ origin, life, sequence }) =>
    this.source(origin, life)?.kept.delete(sequence),
  );
  private news = 0;

  constructor(self: NodeId, life: Incarnation) {
    this.self = self;
    this.life = life;
  }

  get kept(): { readonly count: number; readonly bytes: number } {
    return this.retention.size;
  }

  get sourceCount(): number {
    return this.known.size;
  }

  sources(): Iterable<SourceState> {
    return this.known.values();
  }

  source(origin: NodeId, life: Incarnation): SourceState | undefined {
    return this.known.get(sourceKey(origin, life));
  }

  get({ origin, life, sequence }: Source & { sequence: number }): Broadcast | undefined {
    return this.source(origin, life)?.kept.get(sequence);
  }

  /** What of these is still here. */
  keptOf(runs: readonly SourceRun[]): Broadcast[] {
    return runs.flatMap(({ origin, life, first, last }) =>
      [...(this.source(origin, life)?.kept.values() ?? [])]
        .filter(({ sequence }) => first <= sequence && sequence <= last)
        .sort((a, b) => a.sequence - b.sequence),
    );
  }

  hasHeard({ origin, life, sequence }: Source & { sequence: number }): boolean {
    return this.source(origin, life)?.heard.has(sequence) ?? false;
  }

  /**
   * Takes what was not heard yet. False if there is no place for it: it is of a life that was forgotten,
   * or it would open one gap too many. In that case it may come again when others are closed.
   */
  take(broadcast: Broadcast): boolean {
    const { origin, life, sequence } = broadcast;
    const source = this.source(origin, life) ?? this.begin(origin, life);
    if (source === undefined || !source.heard.add(sequence)) return false;
    source.freshness = ++this.news;
    source.kept.set(sequence, broadcast);
    this.retention.put(broadcast);
    return true;
  }

  /** What of `run` could be learnt from others. */
  lacking(run: SourceRun): SourceRun[] {
    const { origin, life } = run;
    const source = this.source(origin, life);
    if (source === undefined) return this.mayBegin(origin, life) ? [run] : [];
    // Nobody knows better than this node what it has said.
    if (this.isOwn(origin, life)) return [];
    return missing(source.heard, run).map((gap) => ({ origin, life, ...gap }));
  }

  /** A neighbour has had all up to there and no longer keeps it. */
  saidLost({ origin, life, upTo }: Past, now: Milliseconds): void {
    if (this.lacking({ origin, life, first: 1, last: upTo }).length === 0) return;
    const source = this.source(origin, life) ?? this.begin(origin, life);
    if (source === undefined) return;
    if (source.lost === null) source.lost = { upTo, since: now };
    else source.lost.upTo = Math.max(source.lost.upTo, upTo);
  }

  /** Gives up what was said to be lost so long ago that others would have had it. */
  giveUp(now: Milliseconds): (Source & { readonly count: number })[] {
    const givenUp: (Source & { readonly count: number })[] = [];
    for (const source of this.known.values()) {
      const { origin, life, heard, delivered, lost } = source;
      if (lost === null || now - lost.since < GIVEN_UP_AFTER_MS) continue;
      source.lost = null;
      let count = 0;
      for (const gap of missing(heard, { first: 1, last: lost.upTo })) {
        count += lengthOf(gap);
        heard.addRun(gap);
        delivered.addRun(gap);
      }
      if (count > 0) givenUp.push({ origin, life, count });
    }
    return givenUp;
  }

  private isOwn(origin: NodeId, life: Incarnation): boolean {
    return origin === this.self && life >= this.life;
  }

  private mayBegin(origin: NodeId, life: Incarnation): boolean {
    if (this.isOwn(origin, life) || this.known.size >= MAX_SOURCES) return false;
    if (life <= (this.forgotten.get(origin) ?? 0)) return false;
    const lives = this.livesOf(origin);
    return lives.length < MAX_LIVES || life > lives[0]!.life;
  }

  private begin(origin: NodeId, life: Incarnation): SourceState | undefined {
    if (life <= (this.forgotten.get(origin) ?? 0)) return undefined;
    const lives = this.livesOf(origin);
    if (lives.length >= MAX_LIVES) {
      if (life < lives[0]!.life) return undefined;
      this.forget(lives[0]!);
    }
    if (this.known.size >= MAX_SOURCES) this.forget(this.stalest());
    const key = sourceKey(origin, life);
    const source: SourceState = {
      ...{ origin, life, key, kept: new Map() },
      // Nothing is delivered that was not heard, so its gaps are bounded by those and what is held.
      ...{ heard: new Sequences(), delivered: new Sequences(Infinity) },
      ...{ freshness: ++this.news, lost: null },
    };
    this.known.set(key, source);
    return source;
  }

  /** The oldest first. */
  private livesOf(origin: NodeId): SourceState[] {
    return [...this.known.values()]
      .filter((source) => source.origin === origin)
      .sort((a, b) => a.life - b.life);
  }

  private stalest(): SourceState {
    return [...this.known.values()]
      .filter(({ origin, life }) => !this.isOwn(origin, life))
      .reduce((a, b) => (b.freshness < a.freshness ? b : a));
  }

  private forget({ key, origin, life, kept }: SourceState): void {
    this.known.delete(key);
    for (const broadcast of kept.values()) this.retention.remove(broadcast);
    const forgotten = Math.max(life, this.forgotten.get(origin) ?? 0);
    this.forgotten.delete(origin);
    if (this.forgotten.size === MAX_SOURCES) {
      this.forgotten.delete(this.forgotten.keys().next().value!);
    }
    this.forgotten.set(origin, forgotten);
  }
}
