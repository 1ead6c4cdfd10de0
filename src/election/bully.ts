import * as v from 'valibot';
import type { Cancel } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Algorithm } from './algorithm.ts';
import type { Election, ElectionTimer, ElectionWorld, Standing } from './election.ts';
import { termAfter, termSchema } from './term.ts';

/**
 * The bully algorithm of Garcia-Molina (1982): of those who live, the one with the highest id leads.
 * It is right while every message arrives in time and nobody is slow; a class breaks both promises.
 * The rules BULLY-1 to BULLY-9 stand in README.md.
 *
 *                          no leader heard, or one with a lower id,
 *                          or somebody with a lower id asks
 *     follows -------------------------------------------------------> asks all with higher ids
 *      ^   ^                                                            |                |
 *      |   | leader with a higher id                       an answer    |                | no answer
 *      |   +------------------ awaits a leader <------------------------+                v
 *      |                        |         |                                            leads
 *      |                        |         +-- none comes: asks again                     |
 *      +------------------------+------------------------- leader with a higher id ------+
 */

export const BEAT_MS: Milliseconds = 300;

/** Three beats, and some more for one that is late. */
export const PATIENCE_MS: Milliseconds = 1_000;

/** A question and its answer, on links that a teacher has slowed down by a fifth of a second. */
export const ANSWER_MS: Milliseconds = 500;

/** Who answered takes so long to ask in its turn, and as much again to say that it leads. */
export const CORONATION_MS: Milliseconds = 1_000;

const bullySchema = v.variant('type', [
  /** Does anybody with a higher id live? */
  v.object({ type: v.literal('election') }),
  /** I do, and I take it from here. */
  v.object({ type: v.literal('answer') }),
  /** I lead, and whoever has a lower id follows. */
  v.object({ type: v.literal('coordinator'), term: termSchema }),
  /** I still do. */
  v.object({ type: v.literal('beat'), term: termSchema }),
]);
type BullyMessage = v.InferOutput<typeof bullySchema>;

type Stage = 'follows' | 'asks' | 'awaits' | 'leads';

class Bully implements Election<BullyMessage> {
  private readonly world: ElectionWorld<BullyMessage>;
  private stage: Stage = 'follows';
  private leader: NodeId | null = null;
  private term = 0;
  private heardAt: Milliseconds = 0;
  private waits: ElectionTimer | null = null;
  private cancel: Cancel = () => {};

  constructor(world: ElectionWorld<BullyMessage>) {
    this.world = world;
  }

  start(): void {
    this.waitForLeader();
  }

  stop(): void {
    this.cancel();
  }

  receive(from: NodeId, message: BullyMessage): void {
    switch (message.type) {
      case 'election':
        return this.asked(from);
      case 'answer':
        if (this.stage === 'asks') this.awaitLeader();
        return;
      case 'coordinator':
      case 'beat':
        this.term = Math.max(this.term, message.term);
        return this.leaderSpoke(from);
    }
  }

  /** The silence was its own: nobody is blamed for it. */
  resumed(): void {
    if (this.stage === 'follows') this.waitForLeader();
  }

  standing(): Standing {
    const { stage, leader, term } = this;
    if (stage === 'leads') return { role: 'leader', leader, term };
    return { role: stage === 'follows' ? 'follower' : 'candidate', leader, term };
  }

  timer(): ElectionTimer | null {
    return this.waits;
  }

  inspect(): Json {
    return { stage: this.stage, heardAt: this.heardAt };
  }

  private asked(from: NodeId): void {
    if (from > this.world.self) return;
    this.world.send(from, { type: 'answer' });
    if (this.stage === 'leads') this.world.send(from, { type: 'coordinator', term: this.term });
    else if (this.stage === 'follows') this.ask();
  }

  private leaderSpoke(from: NodeId): void {
    const { self } = this.world;
    if (from > self) return this.follow(from);
    // The bully: somebody leads who has no right to.
    if (this.stage === 'follows') this.ask();
    else if (this.stage === 'leads')
      this.world.send(from, { type: 'coordinator', term: this.term });
  }

  private follow(id: NodeId): void {
    const now = this.world.monotonic();
    const isHeld = this.leader !== null && now - this.heardAt < PATIENCE_MS;
    if (this.stage === 'follows' && isHeld && id < this.leader!) return;
    this.leader = id;
    this.heardAt = now;
    this.waitForLeader();
  }

  private waitForLeader(): void {
    this.stage = 'follows';
    this.wait(PATIENCE_MS, () => this.ask());
  }

  private ask(): void {
    const { world } = this;
    const higher = world.neighbours().filter((id) => id > world.self);
    this.leader = null;
    if (higher.length === 0) return this.crown();
    this.stage = 'asks';
    for (const id of higher) world.send(id, { type: 'election' });
    this.wait(ANSWER_MS, () => this.crown());
  }

  private awaitLeader(): void {
    this.stage = 'awaits';
    this.wait(CORONATION_MS, () => this.ask());
  }

  private crown(): void {
    this.stage = 'leads';
    this.leader = this.world.self;
    this.term = termAfter(this.term);
    this.waits = null;
    this.tellAll('coordinator');
  }

  private tellAll(type: 'coordinator' | 'beat'): void {
    const { world, term } = this;
    this.cancel();
    for (const id of world.neighbours()) world.send(id, { type, term });
    this.cancel = world.after(BEAT_MS, () => this.tellAll('beat'));
  }

  private wait(forMs: Milliseconds, then: () => void): void {
    const startedAt = this.world.monotonic();
    this.waits = { startedAt, endsAt: startedAt + forMs };
    this.cancel();
    this.cancel = this.world.after(forMs, then);
  }
}

export const bully: Algorithm<BullyMessage> = {
  name: 'bully',
  schema: bullySchema,
  create: (world) => new Bully(world),
};
