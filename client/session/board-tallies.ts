import type { Board } from '../../src/merge/board.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Timers } from '../platform/timers.ts';

/** A ledger is made of all edits there are: once a second is often enough for whoever looks from above. */
export const TALLY_EVERY_MS: Milliseconds = 1_000;

/** Whoever looks from above is told what has become of the edits, for as long as this life lasts. */
export function tellTallies(
  board: Pick<Board, 'onChange' | 'noteTally' | 'seen'>,
  node: Pick<Node, 'told'>,
  timers: Timers,
): void {
  let isDue = false;
  const soon = (): void => {
    if (isDue) return;
    isDue = true;
    timers.after(TALLY_EVERY_MS, () => {
      isDue = false;
      node.told(() => board.noteTally());
    });
  };
  board.onChange(soon);
  // What was on the disk.
  if (board.seen.size > 0) soon();
}
