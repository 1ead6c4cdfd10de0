import { ENGINES, type EngineName } from '../../../src/merge/engine.ts';
import { FATES, type Fate } from '../../../src/merge/ledger/ledger.ts';
import type { NoteDetail } from '../../../src/trace/kept-notes.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { Rows } from '../../platform/csv.ts';

/** What a node's board says of its edits, in one engine. */
export interface Tally extends Readonly<Record<Fate, number>> {
  readonly edits: number;
  /** Two boards that show the same have the same. */
  readonly state: string;
}

export interface SheetRow {
  readonly id: NodeId;
  readonly name: string;
  /** Empty for who has no board. */
  readonly tallies: ReadonlyMap<EngineName, Tally>;
}

/** What has become of a class's edits. */
export interface ClassSheet {
  /** In the order of the nodes. */
  readonly rows: readonly SheetRow[];
  readonly engines: readonly EngineName[];
  /** Whoever shows the same in every engine stands together: one group, if all agree. The largest comes first. */
  readonly groups: readonly (readonly SheetRow[])[];
}

/** @param notesOf the last tallies of a node, as its board has told */
export function sheetOf(
  nodes: readonly { readonly id: NodeId; readonly name: string }[],
  notesOf: (node: NodeId) => readonly NoteDetail[],
): ClassSheet {
  const rows = nodes.map(({ id, name }) => ({ id, name, tallies: talliesOf(notesOf(id)) }));
  const engines = ENGINES.filter((engine) => rows.some(({ tallies }) => tallies.has(engine)));
  const groups = new Map<string, SheetRow[]>();
  for (const row of rows) {
    if (row.tallies.size === 0) continue;
    const shows = engines.map((engine) => row.tallies.get(engine)?.state).join(' ');
    groups.set(shows, [...(groups.get(shows) ?? []), row]);
  }
  return { rows, engines, groups: [...groups.values()].sort((a, b) => b.length - a.length) };
}

function talliesOf(notes: readonly NoteDetail[]): Map<EngineName, Tally> {
  const tallies = new Map<EngineName, Tally>();
  for (const note of notes) {
    const engine = ENGINES.find((each) => each === note['engine']);
    const counts = [note['edits'], ...FATES.map((fate) => note[fate])];
    // Whatever a node says: what is no tally is none.
    if (engine === undefined || !counts.every((count) => Number.isSafeInteger(count))) continue;
    tallies.set(engine, { ...(note as unknown as Tally), state: String(note['state']) });
  }
  return tallies;
}

/** How many different boards there are in this engine: 1, if all agree. */
export function boardsIn({ rows }: ClassSheet, engine: EngineName): number {
  const states = rows.flatMap(({ tallies }) => tallies.get(engine)?.state ?? []);
  return new Set(states).size;
}

/** Who has seen most speaks for the class: where all agree, all say the same. */
export function spokesman({ groups }: ClassSheet): SheetRow | undefined {
  const [first] = groups.flat().sort((a, b) => mostEdits(b) - mostEdits(a));
  return first;
}

export function mostEdits({ tallies }: SheetRow): number {
  return Math.max(0, ...[...tallies.values()].map(({ edits }) => edits));
}

/** For a spreadsheet: a line for each node and engine. */
export function sheetRows({ rows, engines }: ClassSheet): Rows {
  const lines = rows.flatMap(({ name, tallies }) =>
    engines.flatMap((engine) => {
      const tally = tallies.get(engine);
      return tally ? [[name, engine, tally.edits, ...FATES.map((fate) => tally[fate])]] : [];
    }),
  );
  return [['node', 'engine', 'edits', ...FATES], ...lines];
}
