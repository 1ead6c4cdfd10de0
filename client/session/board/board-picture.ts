import type { EngineName } from '../../../src/merge/engine.ts';
import type { IntentId, Kind, Scalar } from '../../../src/merge/intent.ts';
import type { Fate } from '../../../src/merge/ledger/ledger.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/**
 * The merge lab's board at one moment, as one node knows it: plain data, which can be sent. Views draw
 * this and know no board.
 */

/** A part of a sentence; what is strong is the finding. */
export interface Phrase {
  readonly text: string;
  readonly strong: boolean;
}

/** What somebody wrote and the board no longer shows, though nobody took it away knowingly. */
export interface LostPicture {
  /** Of several letters that were typed in a row the first. */
  readonly intent: IntentId;
  readonly text: string;
  readonly author: string;
  /** Whose write stands in its place; null if nobody is to be named. */
  readonly by: string | null;
}

/** One field as one engine shows it. */
export interface FieldPicture {
  readonly kind: Kind;
  readonly key: string;
  /**
   * A value, or all that are kept beside each other; a number; a text; the first items. Null where this
   * engine knows no such field.
   */
  readonly shown: readonly Scalar[] | null;
  /** How many items there are beyond those. */
  readonly more: number;
  /** The newest first. */
  readonly lost: readonly LostPicture[];
  /** How many there are beyond those. */
  readonly moreLost: number;
  /** It shows something else than most engines do. */
  readonly apart: boolean;
}

export interface CostPicture {
  /** Edits of this node, and what telling one neighbour of them takes. */
  readonly edits: number;
  readonly editBytes: number;
  readonly receivedBytes: number;
  readonly digestBytes: number;
  readonly repairBytes: number;
  readonly stateBytes: number;
  readonly contentBytes: number;
  /** What waits for its past. */
  readonly pending: number;
  /** Null before the first, and where nobody has taken the time. */
  readonly microsPerOperation: number | null;
}

export type Fates = Readonly<Record<Fate, number>>;

export interface EnginePicture {
  readonly name: EngineName;
  readonly fates: Fates;
  /** The same ones in the same order in every engine. */
  readonly fields: readonly FieldPicture[];
  readonly costs: CostPicture;
}

/** Which part of which ledger is told in sentences. */
export interface LedgerFocus {
  readonly engine: EngineName;
  readonly fate: Fate;
}

export interface LedgerLine {
  readonly intent: IntentId;
  readonly by: IntentId | null;
  readonly kind: Kind;
  readonly key: string;
  readonly sentence: string;
  /** It is an edit of this node's. */
  readonly mine: boolean;
}

export interface ClockPicture {
  readonly name: string;
  /** Ahead of most clocks; behind where it is negative. */
  readonly aheadMs: Milliseconds;
}

export interface BoardPicture {
  readonly writes: number;
  /** The finding, in a sentence or a few. */
  readonly headline: readonly Phrase[];
  readonly engines: readonly EnginePicture[];
  readonly focus: LedgerFocus;
  /** Of the focus, the newest first. */
  readonly lines: readonly LedgerLine[];
  readonly moreLines: number;
  /** Those that are clearly wrong. */
  readonly clocks: readonly ClockPicture[];
}

/** The name of a field among those of all kinds. */
export function fieldId({ kind, key }: Pick<FieldPicture, 'kind' | 'key'>): string {
  return `${kind} ${key}`;
}
