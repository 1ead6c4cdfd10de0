import type { SpaceTimeNode } from '../../../client/views/spacetime/space-time.svelte.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import {
  crowdedLesson,
  quietLesson,
  splitLesson,
  type LessonTrace,
} from '../../support/lesson-trace.ts';
import { ANIMALS } from './names.ts';

export interface SpaceTimeFixture {
  readonly chronicle: Chronicle;
  readonly nodes: readonly SpaceTimeNode[];
  readonly selected: TraceEvent | null;
  /** A strip under a mesh, or a page of its own. */
  readonly tall: boolean;
}

export function chronicleOf({ events }: Pick<LessonTrace, 'events'>): Chronicle {
  const chronicle = new Chronicle();
  for (const event of events) chronicle.add(event);
  return chronicle;
}

export function namedNodes({ nodes }: Pick<LessonTrace, 'nodes'>): SpaceTimeNode[] {
  return nodes.map((id, i) => ({
    id,
    name: ANIMALS[i] ?? `Node ${i}`,
    ...(nodes.length <= 8 && { color: i < 5 ? 'var(--hue-blue)' : 'var(--hue-amber)' }),
  }));
}

function fixture(
  lesson: LessonTrace,
  { pick, tall = false }: { pick?: (event: TraceEvent) => boolean; tall?: boolean } = {},
): SpaceTimeFixture {
  const selected = (pick && lesson.events.find(pick)) ?? null;
  return { chronicle: chronicleOf(lesson), nodes: namedNodes(lesson), selected, tall };
}

const EMPTY: LessonTrace = { events: [], nodes: [] };

/** Late in the split: its past is on both sides of it. */
const lateReceipt = (event: TraceEvent): boolean =>
  event.type === 'receive' && event.protocol === 'flood' && event.monotonic > 9_000;

export const SPACE_TIMES: ReadonlyMap<string, () => SpaceTimeFixture> = new Map([
  ['empty', () => fixture(EMPTY)],
  ['split', () => fixture(splitLesson())],
  ['split-tall', () => fixture(splitLesson(), { tall: true })],
  ['selected', () => fixture(splitLesson(), { pick: lateReceipt })],
  ['quiet', () => fixture(quietLesson())],
  ['crowd', () => fixture(crowdedLesson(), { tall: true })],
  ['crowd-strip', () => fixture(crowdedLesson())],
]);
