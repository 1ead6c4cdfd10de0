import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importTrace } from '../../client/session/import-trace.ts';
import type { RecordingView } from '../../client/session/snapshots.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { tickOf } from '../../src/trace/timeline.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { Teacher } from '../support/teacher.ts';
import { until } from '../support/until.ts';

const STUDENTS = 3;

/** How soon the teacher's page has what nodes tell, from the moment that it is linked to them. */
const SOON_MS = 2_000;
/** Of what was told by now, the newest. */
const RECENT_MS = 1_000;

const STEP_MS = 30_000;

describe('what a class tells its teacher', () => {
  let classroom: Classroom;
  let students: Student[];
  let ids: NodeId[];
  let teacher: Teacher;

  beforeAll(async () => {
    classroom = await Classroom.open();
    students = await classroom.join(STUDENTS);
    await fullMesh(students);
    ids = await Promise.all(students.map(async (student) => (await student.call('self')).id!));
    teacher = new Teacher((await classroom.teach()).page);
    await teacher.watches(STUDENTS);
  });
  afterAll(() => classroom?.close());

  test('the page has events of every node within two seconds, of both ends of their messages', async () => {
    await until(() => allAreHeard(teacher.page, ids), {
      what: 'sendings and receipts of all nodes',
      deadlineMs: SOON_MS,
    });
    const told = (await teacher.ask('told', [])) as Record<
      string,
      { lost: number; leftOut: number }
    >;
    expect(Object.keys(told).sort()).toEqual(ids.toSorted());
    expect(Object.values(told)).toMatchObject(ids.map(() => ({ lost: 0, leftOut: 0 })));
  });

  test('a message that arrives was sent before, by the times that the page gives', async () => {
    // All tabs are on one machine: what is left is how the quickest batches of two differ, which on a
    // busy machine takes some batches to be little.
    let took: readonly number[] = [];
    await until(
      async () => {
        const events = await observed(teacher.page);
        const newest = Math.max(...events.map(({ at }) => at));
        took = journeysIn(events.filter(({ at }) => at > newest - RECENT_MS));
        return took.length > 5 && Math.min(...took) > -20;
      },
      { what: 'messages of the last second that arrive after they were sent', deadlineMs: STEP_MS },
      () => took.toSorted((x, y) => x - y).slice(0, 6),
    );
  });

  test('a reload goes on with the recording, and the file has every event once', async () => {
    const before = await recordedEvents(teacher.page, 1);
    const seen = await observed(teacher.page);
    await recordedEvents(teacher.page, seen.length);
    const { since } = (await teacher.ask('recording', [])) as RecordingView;
    await teacher.page.reload();
    await teacher.watches(STUDENTS);
    await until(() => allAreHeard(teacher.page, ids), { what: 'events', deadlineMs: STEP_MS });
    const after = (await teacher.ask('recording', [])) as RecordingView;
    expect(after.since).toBe(since);
    expect(after.events).toBeGreaterThanOrEqual(before);

    const later = await observed(teacher.page);
    const downloaded = teacher.page.waitForEvent('download');
    expect(await teacher.ask('exportRecording', [])).toBeNull();
    const download = await downloaded;
    expect(download.suggestedFilename()).toMatch(
      /^netsplit-[A-Z0-9]{6}-[\d-]{10}T[\d-]{5}\.ndjson$/,
    );
    const opened = await importTrace(new Blob([await readFile(await download.path())]));
    if (!opened.ok) throw new Error(opened.problem);
    const { chronicle, names } = opened;
    for (const event of seen) expect(eventIn(chronicle.causality, event)).toEqual(event);
    const ticks = (events: readonly TraceEvent[]) => events.map((one) => `${one.node} ${tickOf(one)}`); // prettier-ignore
    const inFile = new Set([...chronicle.rows()].flatMap(([, events]) => ticks(events)));
    expect(ticks(later).filter((one) => !inFile.has(one))).toEqual([]);
    expect(chronicle.size).toBe(inFile.size);
    expect([...names.keys()].sort()).toEqual(ids.toSorted());
    expect(ids.map((id) => chronicle.stateAt(id, chronicle.span!.to))).toEqual(['up', 'up', 'up']);
  });

  test('complain of nothing', () => {
    expect(students.flatMap(({ errors }) => errors)).toEqual([]);
  });
});

/** How long each message took whose two ends were told. */
function journeysIn(events: readonly TraceEvent[]): number[] {
  const sends = new Map(
    events.flatMap((one) => (one.type === 'send' ? [[keyOf(one.node, one.message), one.at]] : [])),
  );
  return events.flatMap((one) => {
    const sentAt = one.type === 'receive' ? sends.get(keyOf(one.from, one.message)) : undefined;
    return sentAt === undefined ? [] : [one.at - sentAt];
  });
}

function observed(page: Page): Promise<TraceEvent[]> {
  return page.evaluate(() => {
    const ours = window.netsplit as unknown as { trace(of: object): TraceEvent[] };
    return ours.trace({ limit: 100_000 });
  });
}

async function allAreHeard(page: Page, ids: readonly NodeId[]): Promise<boolean> {
  const events = await observed(page);
  const heard = (type: string) => new Set(events.filter((e) => e.type === type).map((e) => e.node));
  return ids.every((id) => heard('send').has(id) && heard('receive').has(id) && heard('start').has(id)); // prettier-ignore
}

/** Waits until so many events are saved. */
function recordedEvents(page: Page, atLeast: number): Promise<number> {
  const ask = () =>
    page.evaluate(() => {
      const { teacher } = window.netsplit as unknown as { teacher: { recording(): { events: number } } }; // prettier-ignore
      return teacher.recording().events;
    });
  return until(async () => (await ask()) >= atLeast && ask(), { what: `${atLeast} saved events`, deadlineMs: STEP_MS }); // prettier-ignore
}

function keyOf(from: NodeId, message: number): string {
  return `${from}#${message}`;
}

function eventIn(
  causality: { eventsOf(node: NodeId): readonly TraceEvent[] },
  { node, incarnation, sequence }: TraceEvent,
): TraceEvent | undefined {
  return causality
    .eventsOf(node)
    .find((one) => one.sequence === sequence && one.incarnation === incarnation);
}
