import type { BoardValue, MergeEngine } from '../../../src/merge/engine.ts';
import type { MeteredEngine } from '../../../src/merge/engine-set.ts';
import { idOf, KINDS, kindOf, type Kind, type Scalar } from '../../../src/merge/intent.ts';
import {
  ledgerOf,
  type ClockOff,
  type Ledger,
  type LedgerEntry,
} from '../../../src/merge/ledger/ledger.ts';
import type { IntentRecord } from '../../../src/merge/ledger/record.ts';
import { sentence } from '../../../src/merge/ledger/sentence.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { compared } from './compare-engines.ts';
import { headlineOf } from './headline.ts';
import { lostPieces } from './lost-pieces.ts';
import {
  fieldId,
  type BoardPicture,
  type ClockPicture,
  type CostPicture,
  type EnginePicture,
  type FieldPicture,
  type LedgerFocus,
  type LedgerLine,
  type LostPicture,
} from './board-picture.ts';

/** Of one field; the rest is a number. */
export const MAX_LOST_SHOWN = 3;
export const MAX_ITEMS_SHOWN = 100;
/** Of a ledger; the rest is a number. */
export const MAX_LEDGER_LINES = 100;

/** An engine with what it has cost: a board's, or one that is played back. */
export type EngineSource = Pick<MeteredEngine, 'engine' | 'costs' | 'provenance'>;

export interface PictureContext {
  /** All that the node knows. More may come while a picture is made: each engine is drawn as of its own moment. */
  readonly records: readonly IntentRecord[];
  readonly self: NodeId;
  readonly nameOf: (node: NodeId) => string;
  /** A time of day, as it is written here. */
  readonly timeOf: (wall: Milliseconds) => string;
  readonly clockOff: ClockOff;
  readonly clocks: readonly ClockPicture[];
  readonly microsPerOperation: (engine: MergeEngine) => number | null;
  readonly focus: LedgerFocus;
}

/** Makes the picture engine by engine, and rests after each: of a long board one takes a while. */
export function* pictureOf(
  sources: readonly EngineSource[],
  context: PictureContext,
): Generator<void, BoardPicture> {
  const { focus, clocks, records } = context;
  const engines: EnginePicture[] = [];
  let told: Pick<BoardPicture, 'lines' | 'moreLines'> = { lines: [], moreLines: 0 };
  for (const source of sources) {
    const ledger = ledgerIn(source, context);
    engines.push(enginePicture(source, ledger, context));
    if (source.engine.name === focus.engine) told = linesOf(ledger, context);
    yield;
  }
  const writes = records.length;
  const headline = headlineOf(engines, writes);
  return { writes, headline, engines: compared(engines), focus, clocks, ...told };
}

function ledgerIn(source: EngineSource, { records, clockOff }: PictureContext): Ledger {
  return ledgerOf(source.engine.name, records, source.provenance(), clockOff);
}

function enginePicture(
  { engine, costs }: EngineSource,
  { counts: fates, entries }: Ledger,
  { nameOf, microsPerOperation }: PictureContext,
): EnginePicture {
  const size = engine.size();
  const cost: CostPicture = { ...costs, ...size, microsPerOperation: microsPerOperation(engine) };
  return {
    ...{ name: engine.name, fates, costs: cost },
    fields: fieldsOf(engine.value(), lostPieces(entries, nameOf)),
  };
}

function fieldsOf(
  board: BoardValue,
  lost: ReadonlyMap<string, readonly LostPicture[]>,
): FieldPicture[] {
  return KINDS.flatMap((kind) =>
    Array.from(board[kind], ([key, content]): FieldPicture => {
      const shown = scalarsOf(content);
      const gone = (lost.get(fieldId({ kind, key })) ?? []).filter(
        ({ text }) => kind !== 'set' || !shown.includes(text),
      );
      return {
        ...{ kind, key, apart: false },
        shown: shown.slice(0, MAX_ITEMS_SHOWN),
        more: Math.max(0, shown.length - MAX_ITEMS_SHOWN),
        lost: gone.slice(0, MAX_LOST_SHOWN),
        moreLost: Math.max(0, gone.length - MAX_LOST_SHOWN),
      };
    }),
  );
}

type Content = BoardValue[Kind] extends ReadonlyMap<string, infer Each> ? Each : never;

function scalarsOf(content: Content): readonly Scalar[] {
  return typeof content === 'object' && content !== null ? content : [content];
}

function linesOf(
  { entries }: Ledger,
  { self, nameOf, timeOf, focus }: PictureContext,
): Pick<BoardPicture, 'lines' | 'moreLines'> {
  const fitting = entries.filter(({ fate }) => fate === focus.fate).reverse();
  const line = (entry: LedgerEntry): LedgerLine => {
    const { intent, by } = entry;
    const { author, deed } = intent;
    return {
      ...{ intent: idOf(intent), by: by && idOf(by), kind: kindOf(deed), key: deed.key },
      ...{ sentence: sentence(entry, nameOf, timeOf), mine: author.node === self },
    };
  };
  return {
    lines: fitting.slice(0, MAX_LEDGER_LINES).map(line),
    moreLines: Math.max(0, fitting.length - MAX_LEDGER_LINES),
  };
}
