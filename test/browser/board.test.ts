import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type EngineName } from '../../src/merge/engine.ts';
import type { Deed } from '../../src/merge/intent.ts';
import type { Fate } from '../../src/merge/ledger/ledger.ts';
import { Random } from '../../src/simulator/random.ts';
import { Classroom, fullMesh, openLinks, type Student } from '../support/classroom.ts';
import { until } from '../support/until.ts';

const TABS = 6;
const EDITS_A_SIDE = 200;
const AHEAD_MS = 5_000;
const PATIENCE_MS = 60_000;
/** For all that each side lacks, once the links stand again. */
const TOGETHER_MS = 3_000;

/** What a side wanted, and when: by true time. */
interface Edit {
  readonly intent: string;
  readonly at: number;
  readonly deed: Deed;
  readonly side: number;
}

/** Runs in the page. */
function perform(deeds: readonly Deed[]) {
  const { board } = window.netsplit!;
  const told = deeds.map((deed) => {
    switch (deed.do) {
      case 'set':
        return board.set(deed.key, deed.value);
      case 'increment':
        return board.increment(deed.key, deed.by);
      case 'add':
        return board.add(deed.key, deed.item);
      case 'remove':
        return board.remove(deed.key, deed.item);
      case 'type':
        return board.type(deed.key, deed.position, deed.text);
      case 'erase':
        return board.erase(deed.key, deed.position, deed.count);
      case 'insert':
        return board.insert(deed.key, deed.position, deed.item);
      case 'drop':
        return board.drop(deed.key, deed.position);
      case 'move':
        return board.move(deed.key, deed.from, deed.to);
    }
  });
  return Promise.all(told);
}

/** Runs in the page: all boards, as text that can be compared. */
async function boards(engines: readonly string[]): Promise<Record<string, string>> {
  const { board } = window.netsplit!;
  const states: Record<string, string> = {};
  for (const engine of engines) {
    const state = await board.state(engine as 'lww');
    const conflicts = await board.conflicts(engine as 'lww');
    const sorted = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
    states[engine] = JSON.stringify([sorted, conflicts]);
  }
  return states;
}

async function ledgerOf(student: Student) {
  return student.page.evaluate(() => window.netsplit!.board.ledger());
}

async function agree(students: readonly Student[], deadlineMs = PATIENCE_MS): Promise<number> {
  const startedAt = Date.now();
  await until(
    async () => {
      const all = await Promise.all(students.map(({ page }) => page.evaluate(boards, ENGINES)));
      return new Set(all.map((each) => JSON.stringify(each))).size === 1;
    },
    { what: 'boards that agree', deadlineMs },
  );
  return Date.now() - startedAt;
}

function deedsOf(side: string, random: Random): Deed[] {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)]!;
  return Array.from({ length: EDITS_A_SIDE }, (_, n): Deed => {
    const item = pick(['milk', 'eggs', 'tea']);
    const position = random.below(20);
    switch (n % 9) {
      case 0:
        return { do: 'set', key: pick(['title', 'colour']), value: `${side}${n}` };
      case 1:
        return { do: 'increment', key: 'votes', by: 1 + random.below(3) };
      case 2:
        return { do: 'add', key: 'cart', item };
      case 3:
        return { do: 'remove', key: 'cart', item };
      case 4:
        return { do: 'type', key: 'notes', position, text: `${side}${n} ` };
      case 5:
        return { do: 'erase', key: 'notes', position, count: 2 };
      case 6:
        return { do: 'insert', key: 'order', position, item: `${side}${n}` };
      case 7:
        return { do: 'move', key: 'order', from: random.below(5), to: random.below(5) };
      default:
        return { do: 'drop', key: 'order', position };
    }
  });
}

/** Whose writes of a field each engine keeps, and what becomes of each: of values and counters. */
function fatesOf(edits: readonly Edit[], engine: EngineName, keeps: (last: Edit[]) => Edit) {
  const fates = new Map<string, Fate>();
  for (const [what, key] of [
    ['set', 'title'],
    ['set', 'colour'],
    ['increment', 'votes'],
  ] as const) {
    const writes = edits.filter(({ deed }) => deed.do === what && deed.key === key);
    const last = [0, 1].map((side) => writes.findLast((each) => each.side === side)!);
    const kept = LOSSLESS.includes(engine) ? null : keeps(last).side;
    for (const { intent, side } of writes) {
      const stands = what === 'increment' || last.some((each) => each.intent === intent);
      fates.set(
        intent,
        !stands ? 'superseded' : kept === null || kept === side ? 'visible' : 'lost',
      );
    }
  }
  return fates;
}

const LOSSLESS: readonly EngineName[] = ['siblings', 'crdt', 'automerge'];

describe('a board in six tabs, split three to three, edited on both sides, and healed', () => {
  let classroom: Classroom;
  let students: Student[];
  let teacher: Page;
  let ids: string[];
  const edits: Edit[] = [];

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = (await classroom.teach()).page;
    students = await classroom.join(TABS);
    await fullMesh(students);
    ids = (await Promise.all(students.map((student) => student.call('self')))).map(({ id }) => id!);
  });
  afterAll(() => classroom?.close());

  test('begins with one board for all: one tab is asked, the others hear of it', async () => {
    await students[1]!.page.evaluate(perform, [
      { do: 'set', key: 'title', value: 'Lab' },
      { do: 'type', key: 'notes', position: 0, text: 'we begin ' },
      { do: 'increment', key: 'votes', by: 1 },
    ] satisfies Deed[]);
    for (const { page } of students)
      await page.waitForFunction(() => 'board' in window.netsplit!.metrics());
    for (const { page } of students)
      expect(await page.evaluate(() => window.netsplit!.board.engines())).toEqual([...ENGINES]);
    await agree(students);
    expect(await students[5]!.page.evaluate(() => window.netsplit!.board.state('crdt'))).toEqual({
      title: 'Lab',
      notes: 'we begin ',
      votes: 1,
    });
  });

  test('each side goes its own way while they are split, one clock 5 s ahead', async () => {
    const sides = [ids.slice(0, 3), ids.slice(3)];
    await teacher.evaluate(
      ([groups, ahead, aheadMs]) => {
        const { teacher: net } = window.netsplit!;
        return net!
          .node(ahead as never, { wallOffsetMs: aheadMs })
          .then(() => net!.partition(groups as never, { style: 'cut' }));
      },
      [sides, ids[0]!, AHEAD_MS] as const,
    );
    await until(
      async () => (await Promise.all(students.map(openLinks))).every((links) => links.length === 2),
      { what: 'a split', deadlineMs: PATIENCE_MS },
    );
    for (const [side, writer] of [students[0]!, students[3]!].entries()) {
      const deeds = deedsOf('AB'[side]!, new Random(`board-${side}`));
      const told = await writer.page.evaluate(perform, deeds);
      told.forEach(({ intent, at }, n) => edits.push({ intent, at, deed: deeds[n]!, side }));
    }
    for (const side of [students.slice(0, 3), students.slice(3)]) await agree(side);
    const [left, right] = await Promise.all(
      [students[1]!, students[4]!].map(({ page }) => page.evaluate(boards, ENGINES)),
    );
    for (const engine of ENGINES) expect([engine, left![engine]]).not.toEqual([engine, right![engine]]); // prettier-ignore
  });

  test('healed, all show the same in every engine within 3 s of the last link', async () => {
    await teacher.evaluate(() => window.netsplit!.teacher!.heal());
    await fullMesh(students);
    const tookMs = await agree(students);
    console.log(`boards agree ${tookMs} ms after the last link`);
    expect(tookMs).toBeLessThan(TOGETHER_MS);
  });

  test('the ledger knows every edit, and siblings, our own CRDTs and Automerge have lost none', async () => {
    const ledgers = await Promise.all(students.map(ledgerOf));
    for (const ledger of ledgers) expect(ledger).toEqual(ledgers[0]);
    const did = edits.map(({ intent }) => intent);
    for (const engine of ENGINES) {
      const { entries, ...counts } = ledgers[0]![engine]!;
      const known = new Set<string>(entries.map(({ intent }) => intent));
      expect(did.filter((intent) => !known.has(intent))).toEqual([]);
      expect(known.size).toBe(did.length + 3);
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(known.size);
      if (LOSSLESS.includes(engine)) expect([engine, counts.lost]).toEqual([engine, 0]);
      else expect([engine, counts.lost]).not.toEqual([engine, 0]);
    }
  });

  test('of values and counters the ledger says what was done, and who erased what', async () => {
    const ledger = await ledgerOf(students[2]!);
    const stamp = ({ at, side }: Edit) => at + (side === 0 ? AHEAD_MS : 0);
    const byClock = ([a, b]: Edit[]) => (stamp(a!) > stamp(b!) ? a! : b!);
    for (const engine of ENGINES) {
      const { entries } = ledger[engine]!;
      const found = new Map<string, (typeof entries)[number]>(entries.map((entry) => [entry.intent, entry])); // prettier-ignore
      // Yjs keeps the write of the higher client, and its clients’ numbers are nobody’s business.
      const byClient = (last: Edit[]) =>
        last.find((each) => found.get(each.intent)!.fate !== 'lost')!;
      const should = fatesOf(edits, engine, engine === 'yjs' ? byClient : byClock);
      for (const [intent, fate] of should) {
        const entry = found.get(intent)!;
        expect([engine, intent, entry.fate]).toEqual([engine, intent, fate]);
        if (fate !== 'lost') continue;
        expect(entry.sentence).toMatch(/ erased .*, which .* had not seen\./);
        const [own, by] = [intent, entry.by].map((id) => edits.find((each) => each.intent === id)!);
        expect(by!.side).not.toBe(own!.side);
      }
    }
  });

  test('the boards show the sums of what the ledger leaves', async () => {
    const { page } = students[4]!;
    const ledger = await ledgerOf(students[4]!);
    for (const engine of ENGINES) {
      const fates = new Map<string, Fate>(ledger[engine]!.entries.map(({ intent, fate }) => [intent, fate])); // prettier-ignore
      const counted = edits.map(({ intent, deed }) =>
        deed.do === 'increment' && fates.get(intent) === 'visible' ? deed.by : 0,
      );
      const state = await page.evaluate((name) => window.netsplit!.board.state(name), engine);
      const sum = counted.reduce((total, by) => total + by, 1);
      expect([engine, state['votes']]).toEqual([engine, sum]);
    }
  });

  test('what is no edit is refused in a sentence, and changes nothing', async () => {
    const before = await students[0]!.page.evaluate(boards, ENGINES);
    const refused = await students[0]!.page.evaluate(() => {
      try {
        void window.netsplit!.board.type('notes', -1, 'x');
        return null;
      } catch (error) {
        return String(error);
      }
    });
    expect(refused).toMatch(/[a-z]{3,}.*\./);
    expect(await students[0]!.page.evaluate(boards, ENGINES)).toEqual(before);
    expect(students.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
