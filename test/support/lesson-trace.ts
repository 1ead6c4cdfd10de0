import { flood, type Flood } from '../../src/gossip/flood.ts';
import { ping } from '../../src/membership/ping.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { Random } from '../../src/simulator/random.ts';
import { timeSync } from '../../src/timesync/time-sync.ts';
import type { Burdens, TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';

/** 2026-03-02 10:42:07 UTC: virtual time begins at 0, and no lesson was held in 1970. */
export const LESSON_BEGAN_AT: Milliseconds = Date.UTC(2026, 2, 2, 10, 42, 7);

export interface LessonTrace {
  /** In the order in which they happened. */
  readonly events: readonly TraceEvent[];
  readonly nodes: readonly NodeId[];
}

export interface LessonOptions {
  readonly nodes: number;
  readonly seed: string;
  /** Broadcasts a second, of all nodes together. */
  readonly saidPerSecond: number;
  readonly delay?: { readonly leastMs: Milliseconds; readonly mostMs: Milliseconds };
  /** Left out: every two nodes are linked. */
  readonly degree?: number;
  /** Pings and clock sync. */
  readonly background?: boolean;
}

/** A class in the simulator, whose trace a picture is drawn from: the same seed, the same picture. */
export class Lesson {
  private readonly cluster: Cluster<Flood>;
  private readonly events: TraceEvent[] = [];
  private readonly chance: Random;
  private readonly options: LessonOptions;
  private version = 0;
  private said = 0;

  constructor(options: LessonOptions) {
    this.options = options;
    const {
      nodes,
      seed,
      degree = nodes,
      background = true,
      delay = { leastMs: 20, mostMs: 90 },
    } = options;
    this.chance = new Random(`${seed} lesson`);
    const weather = this.chance.fork('delay');
    this.cluster = new Cluster({
      nodes,
      seed,
      delay: () => delay.leastMs + weather.next() * (delay.mostMs - delay.leastMs),
      maxWriteMs: 20,
      protocols: (node) => {
        if (background) node.add(ping);
        if (background) node.add(timeSync);
        return node.add(flood);
      },
      trace: (event) => this.events.push(onThatDay(event)),
    });
    for (let b = 1; b < nodes; b++)
      for (let a = Math.max(0, b - Math.ceil(degree / 2)); a < b; a++) this.cluster.link(a, b);
  }

  get members(): Cluster<Flood>['members'] {
    return this.cluster.members;
  }

  /** Lets time pass in which the class talks. */
  talk(ms: Milliseconds): this {
    const { time, members } = this.cluster;
    const end = time.now() + ms;
    for (;;) {
      const gap = (1_000 / this.options.saidPerSecond) * (0.5 + this.chance.next());
      if (time.now() + gap > end) break;
      time.runFor(gap);
      const speaker = members[this.chance.below(members.length)]!;
      if (speaker.responsive) speaker.protocols.broadcast(`news ${++this.said}`);
    }
    time.runUntil(end);
    return this;
  }

  /** Nobody says anything new. */
  wait(ms: Milliseconds): this {
    this.cluster.time.runFor(ms);
    return this;
  }

  /** Puts rules in force and tells all nodes, as a teacher does. */
  order(title: string, rules: readonly LinkRule[]): this {
    this.version += 1;
    this.cluster.setRules(rules);
    for (const { node, id, responsive } of this.members) {
      const links = rules
        .filter(({ from }) => from === id)
        .map(({ from: _, to, ...rule }) => ({ to, rule }) as Burdens['links'][number]);
      if (responsive) node.ordered({ title, version: this.version, under: { links, node: {} } });
    }
    return this;
  }

  restart(index: number): this {
    this.cluster.restart(index, true);
    return this;
  }

  trace(): LessonTrace {
    return { events: this.events, nodes: this.members.map(({ id }) => id) };
  }
}

function onThatDay(event: TraceEvent): TraceEvent {
  return { ...event, at: event.at + LESSON_BEGAN_AT, wall: event.wall + LESSON_BEGAN_AT };
}

/**
 * Eight nodes and all that a diagram has to show: a split 5 | 3 by a black hole, a link that doubles
 * and loses, a pause, a crash and the life after it, a wall clock that leaps.
 */
export function splitLesson(): LessonTrace {
  const lesson = new Lesson({ nodes: 8, seed: 'split', saidPerSecond: 3, degree: 6 });
  const { members } = lesson;
  const flaky: LinkRule[] = [
    { from: members[0]!.id, to: members[1]!.id, duplicate: 0.6 },
    { from: members[2]!.id, to: members[3]!.id, loss: 0.5 },
  ];
  lesson.talk(2_000).order('teacher makes 2 links flaky', flaky).talk(2_500);
  members[4]!.pause();
  lesson
    .talk(1_200)
    .order('teacher splits 5 | 3', [...flaky, ...between(lesson, 5)])
    .talk(900);
  members[4]!.resume();
  lesson.talk(700);
  members[6]!.crash();
  members[5]!.wall.setOffset(5_000);
  lesson.talk(1_500).restart(6).talk(1_200);
  return lesson.order('teacher heals all', []).talk(1_500).trace();
}

/** A black hole between the first so many nodes and the others. */
function between(lesson: Lesson, first: number): LinkRule[] {
  const ids = lesson.members.map(({ id }) => id);
  const pairs = ids.slice(0, first).flatMap((a) => ids.slice(first).map((b) => [a, b] as const));
  return pairs.flatMap(([a, b]) => [
    { from: a, to: b, blackhole: true },
    { from: b, to: a, blackhole: true },
  ]);
}

/** Two spells of talk, and silence between them: nothing runs that speaks by itself. */
export function quietLesson(): LessonTrace {
  return new Lesson({ nodes: 4, seed: 'quiet', saidPerSecond: 4, background: false })
    .talk(2_000)
    .wait(31_000)
    .talk(2_000)
    .trace();
}

/** A full class at its liveliest. */
export function crowdedLesson(events = 12_000): LessonTrace {
  const lesson = new Lesson({ nodes: 30, seed: 'crowd', saidPerSecond: 6, degree: 6 });
  for (let told = 0; told < events; told = lesson.trace().events.length) lesson.talk(500);
  return lesson.trace();
}
