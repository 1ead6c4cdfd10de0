import { HybridClock, type HybridTime } from '../../src/clocks/hybrid.ts';
import type { EngineWorld, MergeEngine, Operation } from '../../src/merge/engine.ts';
import { keyOf, type Deed, type Intent, type ReplicaKey } from '../../src/merge/intent.ts';
import { Random } from '../../src/simulator/random.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import { testNodeId } from './node-ids.ts';

export type MakeEngine = (world: EngineWorld) => MergeEngine;

export interface MergeClassOptions {
  readonly make: MakeEngine;
  readonly replicas: number;
  readonly seed?: string;
  /** How far each one's wall clock is ahead; those that are not named are right. */
  readonly skewMs?: readonly Milliseconds[];
}

/** An edit as it travels: what was wanted, and what the engine made of it. */
export interface Edit {
  readonly intent: Intent;
  readonly operation: Operation | null;
}

/** What the date is when a test begins. */
const EPOCH: Milliseconds = 1.7e12;

/** A few replicas of one engine with a clock each, and nothing between them but what a test carries over. */
export class MergeClass {
  readonly members: readonly Member[];
  private readonly time = { now: EPOCH };

  constructor({ make, replicas, seed = 'class', skewMs = [] }: MergeClassOptions) {
    this.members = Array.from({ length: replicas }, (_, index) => {
      const random = new Random(seed).fork(`${index}`).next;
      const wallClock = () => this.time.now + (skewMs[index] ?? 0);
      return new Member(make, { self: { node: testNodeId(index), life: 1 }, wallClock, random });
    });
  }

  at(index: number): Member {
    return this.members[index]!;
  }

  pass(forMs: Milliseconds): void {
    this.time.now += forMs;
  }

  /** A millisecond later, and all others get it at once. */
  editAndTell(index: number, deed: Deed): void {
    this.pass(1);
    const edit = this.at(index).edit(deed);
    for (const member of this.members) if (member !== this.at(index)) member.take(edit);
  }

  /** Each gets all that any other has. */
  meet(): void {
    for (const from of this.members)
      for (const to of this.members) if (from !== to) to.repairFrom(from);
  }
}

/** A replica that has neither made nor heard anything, and that is none of a class of so many. */
export function newcomer(make: MakeEngine, classSize = 3): Member {
  return new MergeClass({ make, replicas: classSize + 1 }).at(classSize);
}

/** One replica, and whoever sits before it. */
export class Member {
  readonly engine: MergeEngine;
  readonly world: EngineWorld;
  /** All edits that it knows, its own included, in the order in which it came to know them. */
  readonly known = new Map<Intent, Edit>();
  private readonly seen = new Map<ReplicaKey, number>();
  private made = 0;

  private readonly make: MakeEngine;

  constructor(make: MakeEngine, world: Omit<EngineWorld, 'hybridClock'>) {
    const clock = new HybridClock(world.wallClock);
    const hybridClock = {
      tick: () => clock.tick(),
      heard: (time: HybridTime) => void clock.receive(time),
    };
    this.make = make;
    this.world = { ...world, hybridClock };
    this.engine = make(this.world);
  }

  /** The same node, started again, with nothing left. */
  nextLife(): Member {
    const { self, wallClock, random } = this.world;
    return new Member(this.make, { self: { ...self, life: self.life + 1 }, wallClock, random });
  }

  edit(deed: Deed): Edit {
    const { self, wallClock } = this.world;
    this.made += 1;
    const seen = new Map(this.seen);
    const intent: Intent = { author: self, number: this.made, seen, wall: wallClock(), deed };
    const edit = { intent, operation: this.engine.apply(intent) };
    this.note(edit);
    return edit;
  }

  /** The bytes are copied, as every network does. */
  take(edit: Edit): void {
    this.note(edit);
    if (edit.operation === null) return;
    if (!this.engine.receive(edit.operation.slice())) throw new Error('an operation was refused');
  }

  /** By its digest it is given all that the other has and it lacks. */
  repairFrom(other: Member): void {
    const missing = other.engine.missing(this.engine.digest().slice());
    if (missing === null) throw new Error('a digest was refused');
    for (const operation of missing) {
      if (!this.engine.receive(operation.slice())) throw new Error('an operation was refused');
    }
    for (const edit of other.known.values()) this.note(edit);
  }

  private note(edit: Edit): void {
    this.known.set(edit.intent, edit);
    for (const { author, number } of [...this.known.keys()].sort((a, b) => a.number - b.number)) {
      const count = this.seen.get(keyOf(author)) ?? 0;
      if (number === count + 1) this.seen.set(keyOf(author), number);
    }
  }
}
