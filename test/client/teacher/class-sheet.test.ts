import { describe, expect, test } from 'vitest';
import { agreement } from '../../../client/teacher/merge/agreement.ts';
import {
  boardsIn,
  mostEdits,
  sheetOf,
  sheetRows,
} from '../../../client/teacher/merge/class-sheet.ts';
import { csvText } from '../../../client/platform/csv.ts';
import type { NoteDetail } from '../../../src/trace/kept-notes.ts';
import { testNodeId } from '../../support/node-ids.ts';

const NAMES = ['Otter', 'Heron', 'Lynx'];
const nodes = NAMES.map((name, index) => ({ id: testNodeId(index), name }));

function note(engine: string, state: string, change: NoteDetail = {}): NoteDetail {
  const counts = { visible: 4, superseded: 1, lost: 2, doubled: 0, resurrected: 0 };
  return { engine, edits: 7, ...counts, state, ...change };
}

function sheet(...told: readonly (readonly NoteDetail[])[]) {
  return sheetOf(nodes, (id) => told[nodes.findIndex((node) => node.id === id)] ?? []);
}

const names = (groups: ReturnType<typeof sheet>['groups']) =>
  groups.map((group) => group.map(({ name }) => name));

describe('the sheet of a class', () => {
  test('puts those together who show the same in every engine', () => {
    const same = [note('lww', 'a'), note('crdt', 'b')];
    expect(names(sheet(same, same, same).groups)).toEqual([NAMES]);
    const differs = [note('lww', 'a'), note('crdt', 'c')];
    expect(names(sheet(differs, same, same).groups)).toEqual([['Heron', 'Lynx'], ['Otter']]);
  });

  test('counts the boards of each engine by itself', () => {
    const told = sheet(
      [note('lww', 'a'), note('crdt', 'b')],
      [note('lww', 'a'), note('crdt', 'c')],
    );
    expect([boardsIn(told, 'lww'), boardsIn(told, 'crdt'), boardsIn(told, 'yjs')]).toEqual([
      1, 2, 0,
    ]);
  });

  test('leaves those out who have no board, and knows who has seen most', () => {
    const { groups, rows, engines } = sheet(
      [note('lww', 'a')],
      [],
      [note('lww', 'a', { edits: 9 })],
    );
    expect(names(groups)).toEqual([['Otter', 'Lynx']]);
    expect(rows.map(mostEdits)).toEqual([7, 0, 9]);
    expect(engines).toEqual(['lww']);
  });

  test('says who shows the same as whom', () => {
    const [a, b] = [[note('lww', 'a')], [note('lww', 'b')]];
    expect(agreement(sheet())).toBe('Nobody has a board yet.');
    expect(agreement(sheet(a))).toBe('Only Otter has a board. 2 have no board yet.');
    expect(agreement(sheet(a, a))).toBe('All 2 show the same. 1 has no board yet.');
    expect(agreement(sheet(b, a, a))).toBe('2 different boards: Heron, Lynx | Otter.');
  });

  test('takes no tally from notes that are none', () => {
    const odd = [note('nonsense', 'a'), note('lww', 'a', { lost: '<b>' }), note('crdt', 'a', { edits: null })]; // prettier-ignore
    expect(sheet(odd).groups).toEqual([]);
    expect(sheet().engines).toEqual([]);
  });

  test('is a file that a spreadsheet reads, and no formula of a name', () => {
    const told = sheet([note('lww', 'a')], [note('lww', 'a')]);
    const named = { ...told, rows: told.rows.map((row, i) => ({ ...row, name: ['=1+1', 'He said "no", twice'][i] ?? row.name })) }; // prettier-ignore
    expect(csvText(sheetRows(named))).toBe(
      'node,engine,edits,lost,doubled,resurrected,superseded,visible\r\n' +
        "'=1+1,lww,7,2,0,0,1,4\r\n" +
        '"He said ""no"", twice",lww,7,2,0,0,1,4\r\n',
    );
  });
});
