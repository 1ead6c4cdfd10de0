import * as Y from 'yjs';
import { ENGINES, type EngineName } from '../../src/merge/engine.ts';
import { inTurn } from './in-turn.ts';
import { editsOf, engineOf, updateIn, type MergeLoad } from './processes/merge-loads.ts';
import { compare, type Bar, type Row } from './section.ts';

/**
 * Merging: the receiving side. Four write one text at once, and somebody takes in all of it. Ours are
 * messages of the board's protocol: made, framed, decoded, checked and applied by the engine, without the
 * ledger; an edit each, with its record, as they are told, or all as they are brought by a comparison, which
 * for Yjs is one update and a few bytes for each intent. The baseline is the bare library, which applies the
 * same edits' updates one by one, or where it says so Yjs's one update of all.
 */
export const name = 'merge';

const WHOLE: Omit<MergeLoad, 'engine'> = { edits: 10_000 };
/** Automerge takes about a millisecond for each. */
const LESS: Omit<MergeLoad, 'engine'> = { edits: 1_000 };

/** Engines that keep the whole text in one cell tell all of it with every letter. */
const SIZED = 1_000;

/** How ours come, and what they are beside. */
type Way = 'told' | 'repaired' | 'bare';
type Beside = 'one by one' | 'at once';

const ALIKE: Bar = { atMost: 1.3 };

export async function run(): Promise<Row[]> {
  const yjs = { ...WHOLE, engine: 'yjs' } as const;
  const automerge = { ...LESS, engine: 'automerge' } as const;
  const crdt = { ...WHOLE, engine: 'crdt' } as const;
  return [
    await merged('Yjs, told: bare applyUpdate', yjs, ['told', 'one by one'], ALIKE),
    await merged('Yjs, compared: bare applyUpdate', yjs, ['repaired', 'one by one'], ALIKE),
    await merged('Yjs, compared: one update of all', yjs, ['repaired', 'at once'], null),
    await merged('Yjs, no frames: bare applyUpdate', yjs, ['bare', 'one by one'], null),
    await merged('Automerge, told: applyChanges', automerge, ['told', 'one by one'], ALIKE),
    await merged('Automerge, compared: the same', automerge, ['repaired', 'one by one'], ALIKE),
    await merged('our sequence: Yjs’s applyUpdate', crdt, ['bare', 'one by one'], { atMost: 5 }),
    ...sizes(),
  ];
}

async function merged(
  what: string,
  load: MergeLoad,
  [way, beside]: readonly [Way, Beside],
  bar: Bar | null,
): Promise<Row> {
  const { ours, baseline } = await inTurn(
    './processes/our-merge.ts',
    './baselines/bare-merge-process.ts',
    (child) => child.ask<number>('run', { load, way, beside }),
  );
  const us = (ms: number) => (1_000 * ms) / load.edits;
  const times = { ours: ours.map(us), baseline: baseline.map(us) };
  return compare(`${what}, ${load.edits} edits`, 'µs an edit', times, bar);
}

/** Of a text of some thousand letters, beside what bare Yjs tells and saves. */
function sizes(): Row[] {
  const updates = editsOf({ engine: 'yjs', edits: SIZED }).map(({ operation }) => updateIn(operation)); // prettier-ignore
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const bare = { told: mean(updates), saved: Y.encodeStateAsUpdate(doc).length };
  const sized = ENGINES.map((engine) => ({ engine, ...sizeOf(engine) }));
  return [
    ...sized.map(({ engine, told }) =>
      compare(`told of an edit: ${engine}, beside bare Yjs`, 'B', both(told, bare.told), null),
    ),
    ...sized.map(({ engine, saved }) =>
      compare(`state after ${SIZED} edits: ${engine}`, 'B', both(saved, bare.saved), null),
    ),
  ];
}

function sizeOf(engine: EngineName): { told: number; saved: number } {
  const operations = editsOf({ engine, edits: SIZED }).map(({ operation }) => operation);
  const reader = engineOf({ engine });
  for (const operation of operations) reader.receive(operation);
  return { told: mean(operations), saved: reader.size().stateBytes };
}

function both(ours: number, baseline: number) {
  return { ours: [ours], baseline: [baseline] };
}

function mean(all: readonly Uint8Array[]): number {
  return all.reduce((sum, { length }) => sum + length, 0) / all.length;
}
