import { describe, expect, test } from 'vitest';
import type { Atom, Provenance } from '../../src/merge/engine.ts';
import { idOf, keyOf, type Deed, type Intent, type ReplicaKey } from '../../src/merge/intent.ts';
import { ledgerOf, type Fate } from '../../src/merge/ledger/ledger.ts';
import { effectOf, type IntentRecord } from '../../src/merge/ledger/record.ts';
import { sentence } from '../../src/merge/ledger/sentence.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

const [OTTER, HERON, LYNX, OWL] = [1, 2, 3, 4].map(testNodeId) as [NodeId, NodeId, NodeId, NodeId];
const NAMES = new Map([
  [OTTER, 'Otter'],
  [HERON, 'Heron'],
  [LYNX, 'Lynx'],
]);
const nameOf = (node: NodeId) => NAMES.get(node)!;

/** 10:02:00 on a day of 1970. */
const TEN_O_TWO = (10 * 3_600 + 2 * 60) * 1_000;

/** An intent so many seconds after two past ten, which had seen these. */
function intent(
  node: NodeId,
  second: number,
  deed: Deed,
  after: readonly Intent[] = [],
  number = 1,
): Intent {
  const seen = new Map<ReplicaKey, number>();
  for (const other of after) for (const [key, count] of other.seen) seen.set(key, count);
  const author = { node, life: 1 };
  seen.set(keyOf(author), number);
  return { author, number, seen, wall: TEN_O_TWO + second * 1_000, deed };
}

const set = (value: string): Deed => ({ do: 'set', key: 'colour', value });
const atom = (of: Intent, index = 0): Atom => ({ intent: idOf(of), index });

/** What it did in an engine, if it made what its deed says. */
function record(of: Intent, made: number, took: readonly Atom[] = [], shown = true): IntentRecord {
  return { intent: of, effects: new Map([['lww', { made, shown, took }]]) };
}

function board(...atoms: readonly Atom[]): Provenance[] {
  return [{ kind: 'value', key: 'colour', atoms }];
}

function judged(records: readonly IntentRecord[], atoms: readonly Atom[]) {
  const ledger = ledgerOf('lww', records, board(...atoms));
  const entryOf = (of: Intent) => ledger.entries.find((entry) => entry.intent === of)!;
  const fateOf = (of: Intent): Fate => entryOf(of).fate;
  const said = (of: Intent) => sentence(entryOf(of), nameOf);
  return { ...ledger, entryOf, fateOf, said };
}

const red = intent(OTTER, 5, set('red'));
const blue = intent(HERON, 7, set('blue'));

describe('what becomes of an intent', () => {
  test('LEDGER-1 it is visible if all its atoms are on the board once, kept conflicts included', () => {
    const { counts, said } = judged([record(red, 1), record(blue, 1)], [atom(red), atom(blue)]);
    expect(counts).toEqual({ visible: 2, superseded: 0, lost: 0, doubled: 0, resurrected: 0 });
    expect(said(red)).toBe('Otter\'s "red" of 10:02:05 is on the board.');
  });

  test('LEDGER-1 one that only takes is visible while nothing of what it took is there', () => {
    const gone = intent(HERON, 9, { do: 'erase', key: 'colour', position: 0, count: 1 }, [red]);
    const { fateOf } = judged([record(red, 1), record(gone, 0, [atom(red)])], []);
    expect([fateOf(red), fateOf(gone)]).toEqual(['superseded', 'visible']);
  });

  test('LEDGER-2 it is superseded if an atom is gone and somebody took it knowingly', () => {
    const green = intent(HERON, 9, set('green'), [red]);
    const { fateOf, said } = judged([record(red, 1), record(green, 1, [atom(red)])], [atom(green)]);
    expect([fateOf(red), fateOf(green)]).toEqual(['superseded', 'visible']);
    expect(said(red)).toBe(
      'Heron\'s "green" of 10:02:09 replaced Otter\'s "red" of 10:02:05, which Heron had seen.',
    );
  });

  test('LEDGER-3 it is lost if an atom is gone and nobody took it knowingly', () => {
    const { counts, entryOf, said } = judged([record(red, 1), record(blue, 1)], [atom(blue)]);
    expect(counts).toMatchObject({ visible: 1, lost: 1 });
    expect(entryOf(red)).toMatchObject({ by: blue, intent: red });
    expect(said(red)).toBe(
      'Heron\'s "blue" of 10:02:07 erased Otter\'s "red" of 10:02:05, which Heron had not seen.',
    );
  });

  test('LEDGER-4 it is doubled if an atom is there twice', () => {
    const { fateOf, said } = judged([record(red, 1)], [atom(red), atom(red)]);
    expect(fateOf(red)).toBe('doubled');
    expect(said(red)).toContain('is on the board twice');
  });

  test('LEDGER-5 who took it knowingly is resurrected if it is there again', () => {
    const add = (item: string): Deed => ({ do: 'add', key: 'shop', item });
    const milk = intent(OTTER, 1, add('milk'));
    const remove = intent(OTTER, 3, { do: 'remove', key: 'shop', item: 'milk' }, [milk], 2);
    const again = intent(HERON, 4, add('milk'), [milk]);
    const { fateOf, said } = judged(
      [record(milk, 1), record(remove, 0, [atom(milk)]), record(again, 1)],
      [atom(milk), atom(again)],
    );
    expect([fateOf(milk), fateOf(remove), fateOf(again)]).toEqual(['visible', 'resurrected', 'visible']); // prettier-ignore
    expect(said(remove)).toBe(
      'Otter\'s removal of "milk" of 10:02:03 was undone: what it took away is back with Heron\'s "milk" of 10:02:04, which had not seen it.',
    );
  });

  test('LEDGER-6 the worst counts: lost, doubled, resurrected, superseded, visible', () => {
    const old = intent(LYNX, 1, set('old'));
    const typed = intent(OTTER, 5, { do: 'type', key: 'colour', position: 0, text: 'abcd' }, [old]);
    const taker = intent(HERON, 6, set('x'), [typed]);
    const [a, b, c, d] = [0, 1, 2, 3].map((index) => atom(typed, index)) as [
      Atom,
      Atom,
      Atom,
      Atom,
    ];
    const fate = (taken: readonly Atom[], atoms: readonly Atom[]) =>
      judged(
        [record(old, 1), record(typed, 4, [atom(old)]), record(taker, 0, taken)],
        atoms,
      ).fateOf(typed);
    expect(fate([], [b, b, c, d, atom(old)])).toBe('lost');
    expect(fate([a], [b, b, c, d, atom(old)])).toBe('doubled');
    expect(fate([a], [b, c, d, atom(old)])).toBe('resurrected');
    expect(fate([a], [b, c, d])).toBe('superseded');
    expect(fate([], [a, b, c, d])).toBe('visible');
  });

  test('LEDGER-7 it does not matter in which order the intents came', () => {
    const green = intent(HERON, 9, set('green'), [blue], 2);
    const records = [record(red, 1), record(blue, 1), record(green, 1, [atom(blue)])];
    const one = ledgerOf('lww', records, board(atom(green)));
    expect(ledgerOf('lww', [...records].reverse(), board(atom(green)))).toEqual(one);
  });

  test('LEDGER-7 intents of authors without the engine are not in it', () => {
    const records = [record(red, 1), { intent: blue, effects: new Map() }];
    expect(ledgerOf('lww', records, board(atom(red))).entries).toHaveLength(1);
  });
});

describe('LEDGER-3 who erased a lost write', () => {
  test('is found down a chain of writes that had seen both', () => {
    // Heron's blue erased red, and pink too; Lynx heard of all and replaced blue, and then its own.
    const pink = intent(OWL, 6, set('pink'));
    const green = intent(LYNX, 8, set('green'), [red, pink, blue]);
    const grey = intent(LYNX, 9, set('grey'), [green], 2);
    const records = [
      record(red, 1),
      record(pink, 1),
      record(blue, 1),
      record(green, 1, [atom(blue)]),
      record(grey, 1, [atom(green)]),
    ];
    const { fateOf, entryOf } = judged(records, [atom(grey)]);
    expect([red, blue, green, grey].map(fateOf)).toEqual(['lost', 'superseded', 'superseded', 'visible']); // prettier-ignore
    expect(entryOf(red).by).toBe(blue);
  });

  test('is of several that stand there the first that came later, by the clocks', () => {
    const type = (text: string): Deed => ({ do: 'type', key: 'colour', position: 0, text });
    const before = intent(HERON, 3, type('a'));
    const lost = intent(OTTER, 5, type('b'));
    const after = intent(HERON, 7, type('c'), [before], 2);
    const last = intent(HERON, 9, type('d'), [after], 3);
    const { entryOf } = judged(
      [before, lost, after, last].map((each) => record(each, 1)),
      [before, after, last].map((each) => atom(each)),
    );
    expect(entryOf(lost)).toMatchObject({ fate: 'lost', by: after });
  });

  test('is a removal that found nothing, where it hid what came after it with a slower clock', () => {
    const item = { key: 'cart', item: 'milk' };
    const removal = intent(OTTER, 90, { do: 'remove', ...item });
    const stands = intent(LYNX, 95, { do: 'add', ...item }, [removal]);
    const hidden = intent(HERON, 7, { do: 'add', ...item }, [removal, stands]);
    const all = [record(removal, 0), record(stands, 1), record(hidden, 1, [], false)];
    expect(judged(all, [atom(stands)]).entryOf(hidden)).toMatchObject({
      fate: 'lost',
      by: removal,
    });
  });

  test('is the write that stayed, where one was hidden at once by its own author’s slow clock', () => {
    const late = intent(OTTER, 2, set('late'), [blue]);
    const { entryOf, said } = judged([record(blue, 1), record(late, 1, [], false)], [atom(blue)]);
    expect(entryOf(late)).toMatchObject({ fate: 'lost', by: blue, shown: false });
    expect(said(late)).toBe(
      'Otter\'s "late" of 10:02:02 never showed: Heron\'s "blue" of 10:02:07 counts as later, though Otter had seen it and wrote after it.',
    );
  });

  test('is not one that it had seen, if another had not seen it', () => {
    const hello = intent(OTTER, 1, { do: 'type', key: 'colour', position: 0, text: 'ab' });
    const more = intent(
      OTTER,
      5,
      { do: 'type', key: 'colour', position: 2, text: 'c' },
      [hello],
      2,
    );
    const erase = intent(HERON, 6, { do: 'erase', key: 'colour', position: 0, count: 1 }, [hello]);
    const { entryOf } = judged(
      [record(hello, 2), record(more, 1), record(erase, 0, [atom(hello, 0)])],
      [atom(hello, 1)],
    );
    expect(entryOf(more)).toMatchObject({ fate: 'lost', by: erase });
  });

  test('is looked for in the same item of a set', () => {
    const add = (item: string): Deed => ({ do: 'add', key: 'colour', item });
    const eggs = intent(LYNX, 1, add('eggs'));
    const milk = intent(OTTER, 3, add('milk'));
    const remove = intent(HERON, 4, { do: 'remove', key: 'colour', item: 'milk' });
    const { entryOf } = judged([record(eggs, 1), record(milk, 1), record(remove, 0)], [atom(eggs)]);
    expect(entryOf(milk).by).toBe(remove);
  });

  test('is nobody where nothing of the kind is known', () => {
    const { entryOf, said } = judged([record(red, 1)], []);
    expect(entryOf(red)).toMatchObject({ fate: 'lost', by: null });
    expect(said(red)).toBe(
      'Otter\'s "red" of 10:02:05 is gone, and nobody took it away on purpose.',
    );
  });

  test('is told with how wrong the clocks were, where that is known', () => {
    const off = new Map([
      [red, -20],
      [blue, 2_340],
    ]);
    const { entries } = ledgerOf('lww', [record(red, 1), record(blue, 1)], board(atom(blue)), (of) => off.get(of) ?? null); // prettier-ignore
    const lost = entries.find(({ fate }) => fate === 'lost')!;
    expect([lost.clockOffMs, lost.byClockOffMs]).toEqual([-20, 2_340]);
    expect(sentence(lost, nameOf)).toMatch(/ Heron's clock was 2\.3 s ahead\.$/);
  });
});

describe('what an intent did is told by its author’s board just before and after', () => {
  const green = intent(HERON, 9, set('green'), [red, blue], 2);
  const operation = Uint8Array.of(1);

  test('what was there and is no more, it took; what it made counts, shown or not', () => {
    const before = board(atom(red), atom(blue));
    expect(effectOf(green, operation, before, board(atom(green), atom(blue)))).toEqual({
      ...{ made: 1, shown: true, took: [atom(red)] },
    });
    expect(effectOf(green, operation, before, before)).toEqual({ made: 1, shown: false, took: [] });
  });

  test('other fields, and what there is one less of, are not taken', () => {
    const other: Provenance = { kind: 'text', key: 'colour', atoms: [atom(blue)] };
    const before = [other, ...board(atom(red), atom(red))];
    const { took } = effectOf(green, operation, before, board(atom(red), atom(green)));
    expect(took).toEqual([]);
  });

  test('where there was nothing to do, nothing was made', () => {
    expect(effectOf(green, null, board(), board())).toEqual({ made: 0, shown: true, took: [] });
  });
});

test('a long text is told by its beginning', () => {
  const long = intent(OTTER, 5, set('🦦'.repeat(60)));
  const { said } = judged([record(long, 1)], [atom(long)]);
  expect(said(long)).toBe(`Otter's "${'🦦'.repeat(40)}…" of 10:02:05 is on the board.`);
});
