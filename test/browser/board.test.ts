import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Deed } from '../../src/merge/intent.ts';
import { Random } from '../../src/simulator/random.ts';
import { Classroom, fullMesh, openLinks, type Student } from '../support/classroom.ts';
import { until } from '../support/until.ts';

const ENGINES = ['lww', 'lww-hybrid', 'siblings', 'crdt', 'yjs'] as const;
const TABS = 6;
const EDITS_A_SIDE = 100;
/** Far more than all edits take, so that every write of this clock counts as later. */
const AHEAD_MS = 5 * 60_000;
const PATIENCE_MS = 60_000;

/** Runs in the page. */
function perform(deeds: readonly Deed[]): Promise<string[]> {
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
  return Promise.all(told).then((all) => all.map(({ intent }) => intent));
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

describe('a board in six tabs, split three to three, edited on both sides, and healed', () => {
  let classroom: Classroom;
  let students: Student[];
  let teacher: Page;
  let ids: string[];
  const edits: { intent: string; deed: Deed; side: number }[] = [];

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = (await classroom.teach()).page;
    students = await classroom.join(TABS);
    await fullMesh(students);
    ids = (await Promise.all(students.map((student) => student.call('self')))).map(({ id }) => id!);
    // The first call fetches the board, and waits for it.
    for (const { page } of students)
      expect(await page.evaluate(() => window.netsplit!.board.engines())).toEqual([...ENGINES]);
  });
  afterAll(() => classroom?.close());

  test('begins with one board for all', async () => {
    await students[1]!.page.evaluate(perform, [
      { do: 'set', key: 'title', value: 'Lab' },
      { do: 'type', key: 'notes', position: 0, text: 'we begin ' },
      { do: 'increment', key: 'votes', by: 1 },
    ] satisfies Deed[]);
    await agree(students);
    expect(await students[5]!.page.evaluate(() => window.netsplit!.board.state('crdt'))).toEqual({
      title: 'Lab',
      notes: 'we begin ',
      votes: 1,
    });
  });

  test('each side goes its own way while they are split, one clock far ahead', async () => {
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
      const intents = await writer.page.evaluate(perform, deeds);
      intents.forEach((intent, n) => edits.push({ intent, deed: deeds[n]!, side }));
    }
    for (const side of [students.slice(0, 3), students.slice(3)]) await agree(side);
    const [left, right] = await Promise.all(
      [students[1]!, students[4]!].map(({ page }) => page.evaluate(boards, ENGINES)),
    );
    for (const engine of ENGINES) expect([engine, left![engine]]).not.toEqual([engine, right![engine]]); // prettier-ignore
  });

  test('healed, all show the same in every engine', async () => {
    await teacher.evaluate(() => window.netsplit!.teacher!.heal());
    const tookMs = await agree(students);
    console.log(`boards agree ${tookMs} ms after the heal`);
  });

  test('the ledger knows every edit, and siblings and our own CRDTs have lost none', async () => {
    const ledgers = await Promise.all(students.map(ledgerOf));
    for (const ledger of ledgers) expect(ledger).toEqual(ledgers[0]);
    const did = new Set<string>(edits.map(({ intent }) => intent));
    for (const engine of ENGINES) {
      const { entries } = ledgers[0]![engine]!;
      const known = new Set<string>(entries.map(({ intent }) => intent));
      expect([...did].filter((intent) => !known.has(intent))).toEqual([]);
      expect(known.size).toBe(did.size + 3);
    }
    expect(ledgers[0]!['siblings']!.lost).toBe(0);
    expect(ledgers[0]!['crdt']!.lost).toBe(0);
  });

  test('last write wins keeps the side whose clock was ahead, and names what it erased', async () => {
    const ledger = await ledgerOf(students[2]!);
    for (const key of ['title', 'colour']) {
      const writes = edits.filter(({ deed }) => deed.do === 'set' && deed.key === key);
      const [kept, erased] = [0, 1].map((side) => writes.findLast((each) => each.side === side)!);
      const { entries } = ledger['lww']!;
      const lost = entries.filter((entry) => entry.key === key && entry.fate === 'lost');
      expect(lost.map(({ intent }) => intent)).toEqual([erased!.intent]);
      expect(entries.find(({ intent }) => intent === kept!.intent)?.fate).toBe('visible');
      expect(lost[0]!.sentence).toMatch(/ erased .*, which .* had not seen\./);
    }
    const state = await students[2]!.page.evaluate(() => window.netsplit!.board.state('lww'));
    const last = edits.findLast(({ deed, side }) => deed.do === 'increment' && side === 0)!;
    const counted = edits.filter(({ deed, side }) => deed.do === 'increment' && side === 0);
    expect(last).toBeDefined();
    expect(state['votes']).toBe(
      1 + counted.reduce((sum, { deed }) => sum + (deed.do === 'increment' ? deed.by : 0), 0),
    );
  });

  test('Yjs drops one of two concurrent writes of a value, and is counted as losing it', async () => {
    const { entries } = (await ledgerOf(students[4]!))['yjs']!;
    const lost = entries.filter((entry) => entry.do === 'set' && entry.fate === 'lost');
    expect(lost.map(({ key }) => key).sort()).toEqual(['colour', 'title']);
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
