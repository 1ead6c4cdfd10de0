import * as v from 'valibot';
import type { Cancel } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Algorithm } from './algorithm.ts';
import type { Election, ElectionTimer, ElectionWorld, Standing } from './election.ts';
import { termAfter, termSchema } from './term.ts';

/**
 * No heartbeat: I lead. A node cannot tell a leader that is gone from a link that is, so each part of
 * a split mesh crowns one. The rules NAIVE-1 to NAIVE-6 stand in README.md.
 *
 *                  no beat for 900 to 1,200 ms
 *     follower ---------------------------------> leader, which beats every 300 ms
 *        ^                                           |
 *        +------- a beat of one with a higher id ----+
 */

export const BEAT_MS: Milliseconds = 300;

/** Three beats: two in a row may be lost. */
export const PATIENCE_MS: Milliseconds = 900;

/** Up to so much more, drawn anew each time, so that seldom two crown themselves at once. */
export const SPREAD_MS: Milliseconds = 300;

const naiveSchema = v.object({ type: v.literal('beat'), term: termSchema });
type NaiveMessage = v.InferOutput<typeof naiveSchema>;

class Naive implements Election<NaiveMessage> {
  private readonly world: ElectionWorld<NaiveMessage>;
  private leader: NodeId | null = null;
  private term = 0;
  private heardAt: Milliseconds = 0;
  private waits: ElectionTimer | null = null;
  private cancel: Cancel = () => {};

  constructor(world: ElectionWorld<NaiveMessage>) {
    this.world = world;
  }

  start(): void {
    this.waitForBeat();
  }

  stop(): void {
    this.cancel();
  }

  receive(from: NodeId, { term }: NaiveMessage): void {
    this.term = Math.max(this.term, term);
    if (this.yieldsTo(from)) {
      this.leader = from;
      this.heardAt = this.world.monotonic();
    }
    // Somebody leads, if not the one that it follows.
    if (!this.leads) this.waitForBeat();
  }

  /** The silence was its own: nobody is blamed for it. */
  resumed(): void {
    if (!this.leads) this.waitForBeat();
  }

  standing(): Standing {
    return { role: this.leads ? 'leader' : 'follower', leader: this.leader, term: this.term };
  }

  timer(): ElectionTimer | null {
    return this.waits;
  }

  inspect(): Json {
    return { heardAt: this.heardAt };
  }

  private get leads(): boolean {
    return this.leader === this.world.self;
  }

  /** To one with a higher id; and a follower to anybody, once the one that it followed has missed its beats. */
  private yieldsTo(id: NodeId): boolean {
    if (this.leader === null || id >= this.leader) return true;
    return !this.leads && this.world.monotonic() - this.heardAt >= PATIENCE_MS;
  }

  private waitForBeat(): void {
    const { world } = this;
    const patienceMs = PATIENCE_MS + SPREAD_MS * world.random();
    const startedAt = world.monotonic();
    this.waits = { startedAt, endsAt: startedAt + patienceMs };
    this.cancel();
    this.cancel = world.after(patienceMs, () => this.crown());
  }

  private crown(): void {
    this.leader = this.world.self;
    this.term = termAfter(this.term);
    this.waits = null;
    this.beat();
  }

  private beat(): void {
    const { world, term } = this;
    for (const id of world.neighbours()) world.send(id, { type: 'beat', term });
    this.cancel = world.after(BEAT_MS, () => this.beat());
  }
}

export const naive: Algorithm<NaiveMessage> = {
  name: 'naive',
  schema: naiveSchema,
  create: (world) => new Naive(world),
};
