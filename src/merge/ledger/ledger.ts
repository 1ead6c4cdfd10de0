import type { Milliseconds } from '../../vocabulary.ts';
import type { Atom, EngineName, Provenance } from '../engine.ts';
import { idOf, type Intent } from '../intent.ts';
import { byWall, Cell, eraserOf, restorerOf } from './eraser.ts';
import { cellOf, countAtoms, timesOn, type IntentRecord } from './record.ts';

/**
 * What has become of every edit, in one engine: from what each did at its author, and from what the
 * board is made of now. The rules LEDGER-1 to LEDGER-7 stand in `../README.md`.
 */

/** The worst first: of an intent to which several apply, the first counts. */
export const FATES = ['lost', 'doubled', 'resurrected', 'superseded', 'visible'] as const;
export type Fate = (typeof FATES)[number];

/** How far ahead of true time an author's clock was when it made this; null where nobody knows. */
export type ClockOff = (intent: Intent) => Milliseconds | null;

export interface LedgerEntry {
  readonly intent: Intent;
  readonly fate: Fate;
  /** Its author's own board showed it for a moment at least. */
  readonly shown: boolean;
  readonly clockOffMs: Milliseconds | null;
  /** Who erased it, took it knowingly, or brought back what it took; null if nobody is to be named. */
  readonly by: Intent | null;
  readonly byClockOffMs: Milliseconds | null;
}

export interface Ledger {
  readonly counts: Readonly<Record<Fate, number>>;
  /** By the wall clocks of their authors. */
  readonly entries: readonly LedgerEntry[];
}

/** @param records all that this node knows; those of authors without this engine are not in its ledger */
export function ledgerOf(
  engine: EngineName,
  records: Iterable<IntentRecord>,
  provenance: readonly Provenance[],
  clockOff: ClockOff = () => null,
): Ledger {
  const known = [...records]
    .filter(({ effects }) => effects.has(engine))
    .sort((a, b) => byWall(a.intent, b.intent));
  const book = new Book(engine, known, provenance);
  const counts = { lost: 0, doubled: 0, resurrected: 0, superseded: 0, visible: 0 };
  const entries = known.map((record): LedgerEntry => {
    const { intent, effects } = record;
    const fate = book.fateOf(record);
    counts[fate] += 1;
    return {
      ...{ intent, fate, shown: effects.get(engine)!.shown, clockOffMs: clockOff(intent) },
      // Only when somebody asks: it is looked for among all edits of the same cell.
      get by() {
        return book.by(record, fate);
      },
      get byClockOffMs() {
        return this.by && clockOff(this.by);
      },
    };
  });
  return { counts, entries };
}

class Book {
  private readonly engine: EngineName;
  private readonly board: ReturnType<typeof countAtoms>;
  /** Who took an atom knowingly, in the order of their clocks. */
  private readonly takers = new Map<string, IntentRecord>();
  private readonly cells = new Map<string, Cell>();

  constructor(
    engine: EngineName,
    known: readonly IntentRecord[],
    provenance: readonly Provenance[],
  ) {
    this.engine = engine;
    this.board = countAtoms(provenance);
    for (const record of known) {
      const cell = cellOf(record.intent.deed);
      const known = this.cells.get(cell);
      if (known === undefined) this.cells.set(cell, new Cell(engine, this.board, record));
      else known.add(record);
      for (const atom of record.effects.get(engine)!.took) {
        const key = atomKey(atom);
        if (!this.takers.has(key)) this.takers.set(key, record);
      }
    }
  }

  fateOf(record: IntentRecord): Fate {
    const { took } = record.effects.get(this.engine)!;
    const made = this.made(record);
    const gone = made.filter((atom) => timesOn(this.board, atom) === 0);
    if (gone.some((atom) => !this.takers.has(atomKey(atom)))) return 'lost';
    if (made.some((atom) => timesOn(this.board, atom) > 1)) return 'doubled';
    if (took.some((atom) => timesOn(this.board, atom) > 0)) return 'resurrected';
    return gone.length > 0 ? 'superseded' : 'visible';
  }

  by(record: IntentRecord, fate: Fate): Intent | null {
    const { board } = this;
    const cell = this.cells.get(cellOf(record.intent.deed))!;
    switch (fate) {
      case 'lost':
        return eraserOf(record, cell);
      case 'resurrected':
        return restorerOf(record.intent, cell);
      case 'superseded': {
        const gone = this.made(record).find((atom) => timesOn(board, atom) === 0)!;
        return this.takers.get(atomKey(gone))!.intent;
      }
      case 'doubled':
      case 'visible':
        return null;
    }
  }

  private made({ intent, effects }: IntentRecord): Atom[] {
    const id = idOf(intent);
    const { made } = effects.get(this.engine)!;
    return Array.from({ length: made }, (_, index) => ({ intent: id, index }));
  }
}

function atomKey({ intent, index }: Atom): string {
  return `${intent} ${index}`;
}
