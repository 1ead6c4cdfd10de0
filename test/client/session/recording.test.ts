import { beforeEach, describe, expect, test } from 'vitest';
import { importTrace } from '../../../client/session/import-trace.ts';
import { MemoryStore } from '../../../client/session/recording-memory.ts';
import {
  Recording,
  SAME_LESSON_MS,
  type RecordingLimits,
} from '../../../client/session/recording.ts';
import type { RecordingStore } from '../../../client/platform/recording-store.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { writeTraceFile } from '../../../src/trace/trace-file.ts';
import { readTraceFile } from '../../../src/trace/trace-reader.ts';
import type { RoomCode } from '../../../src/vocabulary.ts';
import { TEST_ROOM, testNodeId } from '../../support/node-ids.ts';
import { randomExecution } from '../../support/random-execution.ts';

const TEACHER = testNodeId(99);
const A = testNodeId(0);
const { events: EVENTS } = randomExecution('recording');

let time: VirtualTime;
let store: RecordingStore;
beforeEach(() => {
  time = new VirtualTime();
  store = new MemoryStore();
});

function recording(limits?: RecordingLimits, openStore = () => Promise.resolve(store)): Recording {
  const timers = {
    now: time.now,
    after: (ms: number, ring: () => void) => time.alarm(time.now() + ms, ring),
  };
  return new Recording({ timers, trueTime: time.now, openStore, changed: () => {}, ...(limits && { limits }) }); // prettier-ignore
}

async function started(limits?: RecordingLimits, room: RoomCode = TEST_ROOM): Promise<Recording> {
  const made = recording(limits);
  await made.start(room, TEACHER);
  return made;
}

async function recorded(
  events: Iterable<TraceEvent>,
  limits?: RecordingLimits,
): Promise<Recording> {
  const made = await started(limits);
  for (const event of events) made.event(event);
  await made.save();
  return made;
}

async function read(from: Recording) {
  const file = readTraceFile(await (await from.export()).file.text());
  if (!file.ok) throw new Error(file.problem);
  return file;
}

const TOLD = { at: 9, level: 0, events: 1, lost: 0, leftOut: new Map() };

describe('a recording', () => {
  test('REC-1 what is exported is a trace file of all that happened, and opens as the same chronicle', async () => {
    const sut = await recorded(EVENTS);
    sut.name(A, 'Fox');
    const { file } = await sut.export();
    const opened = await importTrace(file);
    if (!opened.ok) throw new Error(opened.problem);
    expect([...opened.chronicle.between(-1, Infinity)]).toEqual(chronicleOf(EVENTS).between(-1, Infinity)); // prettier-ignore
    expect([opened.names.get(A), opened.head.room]).toEqual(['Fox', TEST_ROOM]);
    expect(sut.view()).toMatchObject({
      events: EVENTS.length,
      dropped: 0,
      problem: null,
      since: 0,
    });
  });

  test('REC-1 it saves by itself, in pieces', async () => {
    const sut = await started();
    sut.event(EVENTS[0]!);
    expect(sut.view().events).toBe(0);
    time.runFor(5_000);
    await sut.save();
    expect(sut.view().events).toBe(1);
  });

  test('REC-1 what nodes say of their telling is in it once a piece, or when they tell otherwise', async () => {
    const sut = await started();
    sut.account(A, TOLD);
    sut.account(A, { ...TOLD, at: 10, lost: 2 });
    sut.account(A, { ...TOLD, at: 11, level: 3 });
    const { told } = await read(sut);
    expect(told.map(({ told: { at, level, events, lost } }) => [at, level, events, lost])).toEqual([[10, 0, 2, 2], [11, 3, 1, 0]]); // prettier-ignore
  });

  test('REC-2 a reloaded page goes on with it, and what is told again is in it once', async () => {
    const half = EVENTS.length >> 1;
    await (await recorded(EVENTS.slice(0, half))).stop();
    time.runFor(60_000);
    const sut = recording();
    // Before the device has answered, even.
    for (const event of EVENTS.slice(half - 20)) sut.event(event);
    await sut.start(TEST_ROOM, TEACHER);
    expect((await read(sut)).events).toEqual(EVENTS);
    expect(await store.list()).toHaveLength(1);
  });

  test('REC-2 another room, another page or another day is another recording', async () => {
    await recorded(EVENTS.slice(0, 3));
    for (const [room, by, laterMs] of [
      ['TETHER' as RoomCode, TEACHER, 0],
      [TEST_ROOM, testNodeId(98), 0],
      [TEST_ROOM, TEACHER, SAME_LESSON_MS],
    ] as const) {
      time.runFor(laterMs);
      const other = recording();
      await other.start(room, by);
      expect(other.view().events).toBe(0);
    }
  });

  test('REC-3 where there is no room for more, other lessons go first, the oldest one at the head', async () => {
    const old = ['TETHER', 'TETHEA', 'TETHEC'] as RoomCode[];
    for (const room of old) {
      time.runFor(1);
      const sut = await started(undefined, room);
      sut.event(EVENTS[0]!);
      await sut.stop();
    }
    const { bytes } = (await store.list())[0]!;
    const sut = await recorded([EVENTS[1]!, EVENTS[2]!], { storedBytes: bytes * 4, events: 100 });
    const rooms = (await store.list()).map(({ room }) => room);
    expect(rooms).not.toContain('TETHER');
    expect(rooms).toEqual(expect.arrayContaining(['TETHEC', TEST_ROOM]) as string[]);
    expect(sut.view().problem).toContain('older recording');
  });

  test('REC-3 then its own oldest part, and it says so', async () => {
    const sut = await started({ storedBytes: 1e9, events: 10 });
    for (let i = 0; i < 24; i += 4) {
      for (const event of EVENTS.slice(i, i + 4)) sut.event(event);
      await sut.save();
    }
    expect((await read(sut)).events).toEqual(EVENTS.slice(16, 24));
    expect(sut.view()).toMatchObject({ events: 8, dropped: 16, problem: expect.stringContaining('full') as string }); // prettier-ignore
  });

  test('REC-4 where the browser keeps nothing it lasts as long as the page, and says so', async () => {
    const sut = recording(undefined, () => Promise.reject(new Error('private window')));
    await sut.start(TEST_ROOM, TEACHER);
    for (const event of EVENTS) sut.event(event);
    expect((await read(sut)).events).toEqual(EVENTS);
    expect(sut.view().problem).toContain('only as long as this page');
  });

  test('REC-4 a device that takes no more is tried again without the other lessons, then given up', async () => {
    const other = await started(undefined, 'TETHER' as RoomCode);
    other.event(EVENTS[0]!);
    await other.save();
    const sut = await recorded(EVENTS.slice(0, 5));
    const { append } = store;
    store.append = async (...all) => {
      if ((await store.list()).length > 1) throw new Error('full');
      return append.apply(store, all);
    };
    sut.event(EVENTS[5]!);
    await sut.save();
    expect(sut.view()).toMatchObject({ events: 6, dropped: 0 });
    store.append = () => Promise.reject(new Error('full'));
    sut.event(EVENTS[6]!);
    await sut.save();
    expect(sut.view()).toMatchObject({ events: 6, dropped: 1, problem: expect.stringContaining('no room') as string }); // prettier-ignore
  });
});

function chronicleOf(events: Iterable<TraceEvent>): Chronicle {
  const chronicle = new Chronicle();
  for (const event of events) chronicle.add(event);
  return chronicle;
}

describe('opening a file', () => {
  const head = { room: TEST_ROOM, exportedAt: 1, names: { [A]: 'Füchsin' } };
  const text = [...writeTraceFile(head, EVENTS)].join('');

  test('REC-5 it is read in slices, letters that are cut in two included, and says how far it is', async () => {
    const detail = { text: '…'.repeat(100_000) };
    const long: TraceEvent = { ...EVENTS[0]!, sequence: 900, type: 'note', protocol: 'p', kind: 'k', detail }; // prettier-ignore
    const many = [...EVENTS, long];
    const shares: number[] = [];
    const file = new Blob([...writeTraceFile(head, many)]);
    const opened = await importTrace(file, (share) => shares.push(share));
    expect(opened.ok && [opened.chronicle.size, opened.names.get(A)]).toEqual([
      many.length,
      'Füchsin',
    ]);
    expect(opened.ok && opened.chronicle.causality.eventsOf(long.node).at(-1)).toEqual(long);
    expect(shares.length).toBeGreaterThan(4);
    expect([shares.at(-1), shares]).toEqual([1, shares.toSorted((a, b) => a - b)]);
  });

  test.each([
    ['a picture', 'PNG\u0000', 'does not begin a Netsplit trace'],
    ['a part of one', text.slice(0, text.length >> 1), 'damaged, or cut off'],
    ['nothing', '', 'The file is empty.'],
  ])('REC-5 %s is refused with a sentence', async (_, content, problem) => {
    const opened = await importTrace(new Blob([content]));
    expect(opened).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem) as string,
    });
  });
});
