import type { Board } from '../../src/merge/board.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Timers } from '../platform/timers.ts';

/** A ledger is made of all edits there are: once a second is often enough for whoever looks from above. */
export const TALLY_EVERY_MS: Milliseconds = 1_000;

/** Of a long board it takes a while: no more than this share of the time goes into it. */
const TALLY_SHARE = 1 / 20;

/** Whoever looks from above is told what has become of the edits, for as long as this life lasts. */
export function tellTallies(
  board: Pick<Board, 'onChange' | 'noteTally' | 'seen'>,
  node: Pick<Node, 'told'>,
  timers: Timers,
): void {
  let isDue = false;
  let waitMs = TALLY_EVERY_MS;
  const soon = (): void => {
    if (isDue) return;
    isDue = true;
    timers.after(waitMs, () => {
      isDue = false;
      const began = timers.now();
      node.told(() => board.noteTally());
      waitMs = Math.max(TALLY_EVERY_MS, (timers.now() - began) / TALLY_SHARE);
    });
  };
  board.onChange(soon);
  // What was on the disk.
  if (board.seen.size > 0) soon();
}
