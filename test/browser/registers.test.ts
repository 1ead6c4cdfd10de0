import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endsOf } from '../../client/views/registers/words.ts';
import { exportHistory, judgeRegisters } from '../../src/checkers/register-history.ts';
import { REGISTER_KINDS, type RegisterKind } from '../../src/network/register-kinds.ts';
import type { RegisterSetting } from '../../src/network/register-setting.ts';
import { CoordinationNotes } from '../../src/trace/coordination-notes.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { figuresOf, type Tally } from '../../src/trace/register-figures.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { notesOf, putAndGet, read, type Told } from '../support/register-tabs.ts';
import { obey, Teacher } from '../support/teacher.ts';
import { until } from '../support/until.ts';

const CLASS = 8;
const PARTS = [
  [0, 1, 2, 3, 4],
  [5, 6, 7],
] as const;
/** Read until the log answers, before anything is counted. */
const WARM = 'warm';
const KEYS = ['colour', 'day', 'place', 'word'];
const STEP_MS = 60_000;

/** Tabs of one machine have one clock; what is nearer than this has no order. */
const SLACK_MS = 5;

/** Real tabs, a real teacher's page. */
describe(`${CLASS} tabs with registers of three kinds`, () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let students: readonly Student[];
  let ids: NodeId[];
  let notes: CoordinationNotes;
  const told = new Map<number, Told[]>();
  const whole = new Map<RegisterKind, Partial<Tally>>();

  /** A tab keeps its newest events alone, so they are fetched after each phase. */
  const collected = new Map<string, TraceEvent>();
  const collect = async () => {
    for (const event of (await Promise.all(students.map(notesOf))).flat())
      collected.set(`${event.node} ${event.incarnation} ${event.sequence}`, event);
  };
  const askAll = async (round: string) => {
    const all = await Promise.all(
      students.map((student, place) => putAndGet(student, KEYS, `${round} ${place}`)),
    );
    all.forEach((one, place) => told.set(place, one));
  };
  const told3 = (places: readonly number[], kind: RegisterKind) =>
    places.flatMap((place) => told.get(place)!.filter((one) => one.kind === kind));
  const counted = (all: readonly Told[]): Partial<Tally> => {
    const of = (end: string) => all.filter(({ outcome }) => endOf(outcome) === end).length;
    const [answered, refused, unknown] = [of('ok'), of('refused'), of('unknown')];
    const availability = answered / all.length;
    return { asked: all.length, answered, refused, unknown, open: 0, availability };
  };

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    await teacher.is('joined');
    students = await classroom.join(CLASS);
    await fullMesh(students);
    ids = await new ElectingTabs(students).idsOf();
    const by = { id: ids[0]!, life: 1 };
    const setting: RegisterSetting = {
      ...{ turn: 1, by, nodes: ids, n: 3, r: 2, w: 2 },
      ...({ sloppy: false, repair: 'before', rule: 'lww-hybrid' } as const),
    };
    await teacher.order('choose', {
      election: { algorithm: 'raft', turn: 1, by },
      electionVoters: PARTS[0].map((place) => ids[place]!),
      registers: { setting, load: null },
    });
    await new ElectingTabs(students).agree('raft');
    await until(async () => endOf(await read(students[0]!, 'cp', WARM)) === 'ok', {
      what: 'a register on the log',
      deadlineMs: STEP_MS,
    });
  }, 180_000);
  afterAll(() => classroom?.close());

  test('REGISTER-1 while nothing is split, all three kinds answer', async () => {
    await askAll('whole');
    await collect();
    const everybody = [...students.keys()];
    expect(counted(told3(everybody, 'ap'))).toMatchObject({ availability: 1 });
    for (const kind of REGISTER_KINDS) {
      whole.set(kind, counted(told3(everybody, kind)));
      expect(whole.get(kind)!.answered).toBeGreaterThan(0);
    }
  });

  test('split in two, cp answers among five, ap everywhere, quorum as its copies lie', async () => {
    const groups = PARTS.map((part) => part.map((place) => ids[place]!));
    const { version } = await teacher.order('partition', groups, { style: 'cut' });
    await obey(students, version);
    await askAll('split');
    // Done on the one side, and read on the other.
    const last = students.length - 1;
    told.get(0)!.push(...(await putAndGet(students[0]!, [KEYS[0]!], 'newest')));
    told.get(last)!.push({ kind: 'ap', outcome: await read(students[last]!, 'ap', KEYS[0]!) });
    const [five, three] = PARTS;
    expect(counted(told3(three, 'cp'))).toMatchObject({ answered: 0 });
    expect(counted(told3(five, 'cp')).answered).toBeGreaterThan(0);
    for (const part of PARTS) expect(counted(told3(part, 'ap'))).toMatchObject({ availability: 1 });
    // Two of three copies of a key are on one side or the other: each key answers on one side alone.
    const [onFive, onThree] = PARTS.map((part) => counted(told3(part, 'quorum')).availability!);
    expect(onFive! + onThree!).toBeCloseTo(1, 1);
  });

  test('the figures from notes are what the clients saw, side by side', async () => {
    await collect();
    const events = [...collected.values()];
    notes = new CoordinationNotes();
    const warmUps = new Set(events.filter(isWarmUp).map(idOf));
    for (const event of events.sort(byTime)) if (!warmUps.has(idOf(event))) notes.add(event);
    const figures = figuresOf(notes);
    for (const { kind, sides, whole: unsplit, staleness } of figures) {
      expect(unsplit).toEqual(whole.get(kind));
      expect(staleness.split.stale > 0).toBe(kind === 'ap');
      expect(sides.map(({ nodes }) => nodes)).toEqual(
        PARTS.map((part) => part.map((place) => ids[place]!).sort()),
      );
      expect(sides.map(({ tally }) => tally)).toEqual(
        PARTS.map((part) => counted(told3(part, kind))),
      );
    }
  });

  test.each(REGISTER_KINDS)('the verdict on %s is that of the check command', (kind) => {
    const file = join(mkdtempSync(join(tmpdir(), 'registers-')), `${kind}.edn`);
    writeFileSync(file, exportHistory(notes, kind, SLACK_MS));
    const { verdict } = judgeRegisters(notes, kind, SLACK_MS);
    const check = spawnSync('npm', ['run', '-s', 'check', '--', file, '--model', 'kv'], {
      encoding: 'utf8',
    });
    expect(check.stdout.split('\n')[0]).toBe(verdict);
    // Nobody of the one side could read what the other wrote.
    expect(verdict).toBe(kind === 'ap' ? 'not linearizable' : 'linearizable');
  });

  test('the teacher’s page shows the same, and the same verdicts, judged beside it', async () => {
    await teacher.page.keyboard.press('n');
    const ends = PARTS.map((part) =>
      REGISTER_KINDS.map((kind) => endsOf(counted(told3(part, kind)) as Tally)),
    );
    const shown = () => teacher.page.evaluate(readFigures, PARTS.length);
    await until(async () => isDeepStrictEqual((await shown()).ends, ends), {
      what: `the page to show ${JSON.stringify(ends)}`,
      deadlineMs: STEP_MS,
    });
    expect((await shown()).verdicts).toEqual(['linearizable', 'not linearizable', 'linearizable']);
  });

  test('healed, all registers agree', async () => {
    const { version } = await teacher.order('heal');
    await obey(students, version);
    for (const kind of REGISTER_KINDS)
      for (const key of KEYS) {
        let values: string[] = [];
        await until(
          async () => {
            const outcomes = await Promise.all(students.map((tab) => read(tab, kind, key)));
            values = outcomes.map((outcome) => JSON.stringify('ok' in outcome && outcome.ok && outcome.value)); // prettier-ignore
            return new Set(values).size === 1 && values[0] !== 'false';
          },
          { what: `one value of ${kind} ${key}`, deadlineMs: STEP_MS },
          () => values,
        );
      }
    for (const { errors } of students) expect(errors).toEqual([]);
  });
});

/** What became of the requests, a line a side, and the verdicts, as the page has them. */
function readFigures(sides: number) {
  const textsIn = (within: Element | Document, what: string) =>
    Array.from(within.querySelectorAll(what), (each) => each.textContent.trim());
  const rows = Array.from(document.querySelectorAll('tr.split')).slice(0, sides);
  return {
    ends: rows.map((row) => textsIn(row, '.share > .tiny')),
    verdicts: textsIn(document, '.judged > .verdict'),
  };
}

function endOf(outcome: Told['outcome']): 'ok' | 'refused' | 'unknown' {
  return 'unknown' in outcome ? 'unknown' : outcome.ok ? 'ok' : 'refused';
}

function isWarmUp(event: TraceEvent): boolean {
  return event.type === 'note' && event.detail['key'] === WARM;
}

/** Of a request, for both of its notes. */
function idOf(event: TraceEvent): string {
  return event.type === 'note' ? `${event.node} ${event.detail['op']}` : '';
}

function byTime(a: TraceEvent, b: TraceEvent): number {
  return a.at - b.at || a.sequence - b.sequence;
}
