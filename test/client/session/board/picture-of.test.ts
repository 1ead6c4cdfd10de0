import { describe, expect, test } from 'vitest';
import type {
  BoardPicture,
  EnginePicture,
} from '../../../../client/session/board/board-picture.ts';
import { ClockNotes } from '../../../../client/session/board/clock-notes.ts';
import { compared } from '../../../../client/session/board/compare-engines.ts';
import { headlineOf } from '../../../../client/session/board/headline.ts';
import {
  MAX_ITEMS_SHOWN,
  MAX_LEDGER_LINES,
  MAX_LOST_SHOWN,
  pictureOf,
  type PictureContext,
} from '../../../../client/session/board/picture-of.ts';
import { boardOf, type Board } from '../../../../src/merge/board.ts';
import type { EngineName } from '../../../../src/merge/engine.ts';
import { OUR_ENGINES } from '../../../../src/merge/engines.ts';
import type { Deed } from '../../../../src/merge/intent.ts';
import { Cluster } from '../../../../src/simulator/cluster.ts';
import type { NodeId } from '../../../../src/vocabulary.ts';

const NAMES = ['Heron', 'Otter'];

/** Two boards without a link, until they meet. */
function pair() {
  const cluster = new Cluster<Board>({
    nodes: 2,
    seed: 'picture',
    protocols: (node) => node.add(boardOf(OUR_ENGINES)),
  });
  const ids = cluster.members.map(({ id }) => id);
  const nameOf = (node: NodeId) => NAMES[ids.indexOf(node)]!;
  const edit = (index: number, ...deeds: readonly Deed[]) => {
    for (const deed of deeds) {
      const { node, protocols } = cluster.members[index]!;
      node.step(() => protocols.edit(deed));
      cluster.time.runFor(10);
    }
  };
  const meet = () => {
    cluster.link(0, 1);
    cluster.time.runFor(5_000);
  };
  const draw = (index = 0, change: Partial<PictureContext> = {}): BoardPicture => {
    const { protocols: board, id: self } = cluster.members[index]!;
    const making = pictureOf(
      board.engineNames.map((name) => board.engine(name)!),
      {
        ...{ records: board.records, self, nameOf, timeOf: String, clocks: [] },
        ...{ clockOff: () => null, microsPerOperation: () => null },
        ...{ focus: { engine: 'lww', fate: 'lost' }, ...change },
      },
    );
    for (;;) {
      const { done, value } = making.next();
      if (done === true) return value;
    }
  };
  return { cluster, ids, edit, meet, draw };
}

function fieldOf(picture: BoardPicture, engine: EngineName, key: string) {
  const { fields } = picture.engines.find(({ name }) => name === engine)!;
  return fields.find((field) => field.key === key)!;
}

const set = (value: string): Deed => ({ do: 'set', key: 'captain', value });
const type = (position: number, text: string): Deed => ({ do: 'type', key: 'report', position, text }); // prettier-ignore

describe('a picture of the board', () => {
  test('shows what each engine kept of a split, what it lost, and by whom', () => {
    const { edit, meet, draw } = pair();
    edit(0, set('Noor'));
    edit(1, set('Mia'));
    meet();
    const picture = draw();
    expect(fieldOf(picture, 'lww', 'captain')).toMatchObject({
      shown: ['Mia'],
      lost: [{ text: 'Noor', author: 'Heron', by: 'Otter' }],
    });
    expect(fieldOf(picture, 'siblings', 'captain')).toMatchObject({ shown: ['Mia', 'Noor'], lost: [] }); // prettier-ignore
    expect(picture.headline.map(({ text }) => text).join('')).toBe(
      'Last write wins lost 1 of 2 writes. LWW with hybrid clocks lost 1. The rest lost none.',
    );
    expect(picture.lines).toMatchObject([{ kind: 'value', key: 'captain', mine: true }]);
    expect(picture.lines[0]!.sentence).toMatch(/^Otter's "Mia" .* erased Heron's "Noor"/);
  });

  test('LAB-1 is plain data, which can be sent', () => {
    const { edit, meet, draw } = pair();
    edit(0, set('Noor'), { do: 'add', key: 'fruit', item: 'kiwi' }, type(0, 'we won'));
    edit(1, set('Mia'), { do: 'increment', key: 'goals', by: 1 }, type(0, 'at last'));
    meet();
    const picture = draw();
    expect(JSON.parse(JSON.stringify(picture))).toEqual(picture);
  });

  test('LAB-2 has the same fields in the same order everywhere, by kind and then by name', () => {
    const { edit, draw } = pair();
    edit(0, type(0, 'x'), set('Noor'), { do: 'set', key: 'anthem', value: 'none' });
    for (const { fields } of draw().engines)
      expect(fields.map(({ key }) => key)).toEqual(['anthem', 'captain', 'report']);
  });

  test('LAB-7 takes letters that one hand typed in a row for one piece', () => {
    const { edit, meet, draw } = pair();
    edit(0, ...'we won'.split('').map((letter, n) => type(n, letter)));
    edit(1, type(0, 'rain'));
    meet();
    expect(fieldOf(draw(), 'lww', 'report').lost).toMatchObject([{ text: 'we won' }]);
  });

  test('LAB-7 adds up what one hand counted', () => {
    const { edit, meet, draw } = pair();
    const count = (by: number): Deed => ({ do: 'increment', key: 'goals', by });
    edit(0, count(3), count(-1));
    edit(1, count(5));
    meet();
    const { shown, lost } = fieldOf(draw(), 'lww', 'goals');
    expect([shown, lost.map(({ text }) => text)]).toEqual([[5], ['+\u20092']]);
  });

  test('does not strike through what another has put back into a set', () => {
    const { edit, meet, draw } = pair();
    const add: Deed = { do: 'add', key: 'fruit', item: 'kiwi' };
    edit(0, add);
    edit(1, add, { do: 'remove', key: 'fruit', item: 'kiwi' });
    meet();
    expect(fieldOf(draw(), 'lww', 'fruit').lost).toMatchObject([{ text: 'kiwi' }]);
    edit(1, add);
    const picture = draw();
    expect(picture.engines.find(({ name }) => name === 'lww')!.fates.lost).toBe(1);
    expect(fieldOf(picture, 'lww', 'fruit')).toMatchObject({ shown: ['kiwi'], lost: [] });
  });

  test('tells of much only the beginning, and how much there is', () => {
    const { edit, meet, draw } = pair();
    for (let n = 0; n <= MAX_ITEMS_SHOWN; n++) edit(0, { do: 'add', key: 'fruit', item: `${n}` });
    const insert = (item: string): Deed => ({ do: 'insert', key: 'order', position: 0, item });
    for (let n = 0; n <= MAX_LEDGER_LINES; n++) edit(0, insert(`${n}`));
    edit(1, insert('last'));
    meet();
    const picture = draw();
    const [fruit, order] = ['fruit', 'order'].map((key) => fieldOf(picture, 'lww', key));
    expect([fruit!.shown!.length, fruit!.more]).toEqual([MAX_ITEMS_SHOWN, 1]);
    expect([order!.lost.length, order!.moreLost]).toEqual([MAX_LOST_SHOWN, MAX_LEDGER_LINES + 1 - MAX_LOST_SHOWN]); // prettier-ignore
    expect([picture.lines.length, picture.moreLines]).toEqual([MAX_LEDGER_LINES, 1]);
  });
});

describe('where engines differ', () => {
  const engine = (name: EngineName, ...shown: readonly (string | null)[]) =>
    ({
      name,
      fields: shown.flatMap((each, n) =>
        each === null
          ? []
          : [{ kind: 'value', key: `k${n}`, shown: [each], more: 0, lost: [], moreLost: 0 }],
      ),
    }) as unknown as EnginePicture;
  const apart = (engines: readonly EnginePicture[]) =>
    compared(engines).map(({ fields }) => fields.map((field) => field.apart));

  test('LAB-2 lit is what is not what most show', () => {
    const three = [engine('lww', 'a'), engine('crdt', 'a'), engine('yjs', 'b')];
    expect(apart(three)).toEqual([[false], [false], [true]]);
  });

  test('where nothing has a majority, all of it', () => {
    expect(apart([engine('lww', 'a'), engine('crdt', 'b')])).toEqual([[true], [true]]);
  });

  test('what an engine knows nothing of is no more than that', () => {
    const fields = compared([engine('lww', null, 'a'), engine('crdt', 'b', 'a')])[0]!.fields;
    expect(fields.map(({ key, shown, apart }) => [key, shown, apart])).toEqual([
      ['k0', null, true],
      ['k1', ['a'], false],
    ]);
  });
});

describe('the headline', () => {
  const says = (lost: Partial<Record<EngineName, number>>, writes = 212) => {
    const names = ['lww', 'siblings', 'yjs'] as const;
    const engines = names.map((name) => ({
      name,
      fates: { lost: lost[name] ?? 0, doubled: 0, resurrected: 0, superseded: 0, visible: 0 },
    }));
    return headlineOf(engines, writes)
      .map(({ text }) => text)
      .join('');
  };

  test.each([
    [{}, 0, 'Nothing on the board yet.'],
    [{}, 1, '1 write, and no engine has lost any.'],
    [{ lww: 31, yjs: 6 }, 212, 'Last write wins lost 31 of 212 writes. Yjs lost 6. Siblings lost none.'], // prettier-ignore
    [{ yjs: 6 }, 212, 'Yjs lost 6 of 212 writes. The rest lost none.'],
    [{ lww: 1, siblings: 1, yjs: 1 }, 1, 'Last write wins lost 1 of 1 write. Siblings lost 1. Yjs lost 1. '], // prettier-ignore
  ] as const)('%j of %i', (lost, writes, sentence) => {
    expect(says(lost, writes)).toBe(sentence);
  });
});

describe('how wrong a clock was', () => {
  test('LAB-5 is kept from when the edit was first seen, against most clocks', () => {
    const { cluster, ids, edit } = pair();
    edit(0, set('a'));
    const { records } = cluster.members[0]!.protocols;
    const notes = new ClockNotes();
    const clocks = (ahead: number) => new Map([[ids[0]!, ahead], [ids[1]!, 0], ['x' as NodeId, 3]]); // prettier-ignore
    notes.look(records, clocks(5_000));
    edit(0, set('b'));
    notes.look(records, clocks(1));
    expect(records.map(({ intent }) => notes.off(intent))).toEqual([4_997, 0]);
  });

  test('LAB-5 is noted once the clock is known, and nobody can say it of two', () => {
    const { cluster, ids, edit } = pair();
    edit(0, set('a'));
    const { records } = cluster.members[0]!.protocols;
    const notes = new ClockNotes();
    notes.look(records, new Map([[ids[0]!, 5_000], [ids[1]!, 0]])); // prettier-ignore
    expect(notes.off(records[0]!.intent)).toBeNull();
    const three = new Map([[ids[0]!, -700], [ids[1]!, 0], ['x' as NodeId, 3]]); // prettier-ignore
    notes.look(records, three);
    expect(notes.off(records[0]!.intent)).toBe(-700);
    expect(notes.wrong((id) => NAMES[ids.indexOf(id)] ?? id)).toEqual([{ name: 'Heron', aheadMs: -700 }]); // prettier-ignore
  });
});
