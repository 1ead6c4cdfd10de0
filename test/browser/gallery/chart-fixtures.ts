import type { WayQueue } from '../../../client/session/snapshots.ts';
import { metersAt, type Readings } from '../../../client/views/charts/meters.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { stormyRoom } from '../../bench/theory/storm.ts';
import { Lesson, LESSON_BEGAN_AT, type LessonTrace } from '../../support/lesson-trace.ts';
import { chronicleOf, namedNodes } from './spacetime-fixtures.ts';

export interface ChartFixture {
  readonly readings: Readings;
  readonly queues: readonly WayQueue[];
  readonly origin: number;
  readonly nameOf: (node: NodeId) => string;
}

const NO_READINGS = metersAt(new Chronicle(), LESSON_BEGAN_AT).read(LESSON_BEGAN_AT);

/** A link grows slow, clocks leap and drift. */
function troubledMinute(nodes: number): LessonTrace {
  const lesson = new Lesson({ nodes, seed: 'charts', saidPerSecond: 3, degree: 6 });
  const [a, b, c] = lesson.members;
  lesson.talk(15_000);
  b!.wall.setOffset(5_000);
  lesson.order('teacher slows a link', [{ from: a!.id, to: b!.id, latencyMs: 300, jitterMs: 60 }]);
  c!.drift(20_000);
  return lesson.talk(25_000).trace();
}

function fixture(lesson: LessonTrace, origin = LESSON_BEGAN_AT): ChartFixture {
  const names = new Map(namedNodes(lesson).map(({ id, name }) => [id, name]));
  const now = lesson.events.at(-1)!.at;
  const [a, b, c, d] = lesson.nodes as [NodeId, NodeId, NodeId, NodeId];
  return {
    readings: metersAt(chronicleOf(lesson), now).read(now),
    queues: [
      { from: a, to: b, bytes: 64_000, overflowed: 212 },
      { from: b, to: a, bytes: 3_100, overflowed: 0 },
      { from: c, to: d, bytes: 21_400, overflowed: 0 },
      { from: d, to: c, bytes: 0, overflowed: 0 },
    ],
    origin,
    nameOf: (node) => names.get(node) ?? node,
  };
}

/** Everybody calls one node, which was frozen for five seconds and has never recovered. */
function retryStorm(): ChartFixture {
  const events: TraceEvent[] = [];
  const { cluster, service } = stormyRoom('naive', 1, (event) => events.push(event));
  cluster.time.runFor(15_000);
  service.pause();
  cluster.time.runFor(5_000);
  service.resume();
  cluster.time.runFor(25_000);
  return fixture({ events, nodes: cluster.members.map(({ id }) => id) }, 0);
}

export const CHARTS: ReadonlyMap<string, () => ChartFixture> = new Map([
  ['empty', () => ({ readings: NO_READINGS, queues: [], origin: LESSON_BEGAN_AT, nameOf: String })],
  ['troubled', () => fixture(troubledMinute(8))],
  ['storm', retryStorm],
  ['crowd', () => fixture(troubledMinute(24))],
]);
