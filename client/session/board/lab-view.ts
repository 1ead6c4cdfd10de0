import type { EngineName } from '../../../src/merge/engine.ts';
import type { Deed, IntentId } from '../../../src/merge/intent.ts';
import type { BoardPicture, LedgerFocus } from './board-picture.ts';
import type { ElsewherePicture } from './elsewhere.ts';
import type { WritesInTime } from './writes-in-time.ts';

/** What the page of the merge lab draws: the board of this tab, or why there is none. */
export type LabView =
  /** Of how much that has to be fetched how much has come; null while nobody knows. */
  | { readonly at: 'fetching'; readonly share: number | null }
  /** It can be tried again. */
  | { readonly at: 'failed'; readonly sentence: string }
  /** The node does not live at the moment. */
  | { readonly at: 'away'; readonly sentence: string }
  | {
      readonly at: 'open';
      readonly picture: BoardPicture;
      /** How the boards of others stand to it. */
      readonly elsewhere: ElsewherePicture;
      /** In a sentence, why this tab's board lacks an engine; null if it has all. */
      readonly lacks: string | null;
      /** Null while the board is shown as it is now. */
      readonly past: PastView | null;
    };

/** The board as it was after one of its steps, or on the way there. */
export interface PastView {
  readonly step: number;
  readonly of: number;
  /** It is not `picture` yet: the board is still being played back to there, so many steps so far. */
  readonly played: number | null;
  readonly picture: BoardPicture;
}

export interface TextEdited {
  /** What the text is now. */
  readonly text: string;
  /** What it was to be. */
  readonly wanted: string;
  /** Why it was refused; null if it was not. */
  readonly refused: string | null;
}

/** What the page of the merge lab can do. */
export interface LabActions {
  /** Does these in a row; null, or why one of them was refused: what came before it is done. */
  edit(deeds: readonly Deed[]): string | null;
  /**
   * Somebody who saw the text as `before` in that engine has made `after` of it. Others may have changed
   * it meanwhile.
   */
  editText(engine: EngineName, key: string, before: string, after: string): TextEdited;
  /** What the text is now. */
  textNow(engine: EngineName, key: string): string;
  /** Which ledger is told in sentences. */
  focusOn(focus: LedgerFocus): void;
  /** Two writes of a field in space and time; null if one of them is not known here. */
  inTime(one: IntentId, other: IntentId): WritesInTime | null;
  /** Shows the board as it was after this step, or the last one before it; null: as it is. */
  showPast(step: number | null): void;
  /** Saves the sheet of this node's ledger as a file. */
  exportSheet(): void;
  retry(): void;
}
