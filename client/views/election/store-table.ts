import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { NoteDetail } from '../../../src/trace/kept-notes.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { LogRow } from './log-table.ts';

/** What each node's copy of the store holds, by key. */
export interface StoreTable {
  readonly keys: readonly string[];
  readonly rows: readonly StoreRow[];
  /** How many keys there are beside those. */
  readonly more: number;
  /** Of all that is lit, in a sentence; empty where the copies are the same. */
  readonly summary: string;
}

export interface StoreRow {
  readonly id: LogRow['id'];
  readonly name: string;
  readonly isUp: boolean;
  /** One a key. */
  readonly cells: readonly StoreCell[];
}

export interface StoreCell {
  readonly key: string;
  /** JSON, cut where it is long; null where it holds nothing. */
  readonly text: string | null;
  /** It is not what most of those that are there hold; where nothing has a majority, all of them. */
  readonly isLit: boolean;
}

const NOTHING = 'nothing';

/** @param rows the nodes, as the table of their logs has them */
export function storeTable(
  rows: readonly LogRow[],
  chronicle: Chronicle,
  time: Milliseconds,
): StoreTable {
  const held = rows.map((row) => {
    const life = chronicle.incarnationAt(row.id, time);
    const said = chronicle.elections.holdings.at(row.id, time);
    const notes = said.filter((note) => note['life'] === life);
    return { row, notes: new Map(notes.map((note) => [String(note['key']), note])) };
  });
  const counts = held.flatMap(({ notes }) => [...notes.values()].map(({ keys }) => Number(keys)));
  const keys = [...new Set(held.flatMap(({ notes }) => [...notes.keys()]))].filter((key) =>
    held.some(({ notes }) => holds(notes.get(key))),
  );
  const usual = new Map(
    keys.map((key) => [
      key,
      majorityOf(held.flatMap(({ row, notes }) => (row.isUp ? [markOf(notes.get(key))] : []))),
    ]),
  );
  const made = held.map(({ row: { id, name, isUp }, notes }): StoreRow => {
    const cells = keys.map((key): StoreCell => {
      const note = notes.get(key);
      const text = holds(note) ? String(note!['text']) : null;
      return { key, text, isLit: isUp && usual.get(key) !== markOf(note) };
    });
    return { id, name, isUp, cells };
  });
  const lit = keys.filter((_, i) => made.some(({ cells }) => cells[i]!.isLit));
  const summary = lit.length === 0 ? '' : `Copies differ in ${lit.join(', ')}.`;
  return { keys, rows: made, more: Math.max(0, ...counts.map((n) => n - keys.length)), summary };
}

function holds(note: NoteDetail | undefined): boolean {
  return typeof note?.['text'] === 'string';
}

function markOf(note: NoteDetail | undefined): string {
  return holds(note) ? String(note!['sum']) : NOTHING;
}

/** What more than half of them are; else null. */
function majorityOf(marks: readonly string[]): string | null {
  return (
    marks.find((mark) => 2 * marks.filter((other) => other === mark).length > marks.length) ?? null
  );
}
