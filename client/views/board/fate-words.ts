import type { Fate } from '../../../src/merge/ledger/ledger.ts';

export const FATE_WORDS: {
  readonly [F in Fate]: { readonly name: string; readonly means: string };
} = {
  lost: {
    name: 'Lost',
    means: 'Gone from the board, though nobody took it away knowingly.',
  },
  doubled: { name: 'Doubled', means: 'On the board twice, though it was written once.' },
  resurrected: {
    name: 'Back again',
    means: 'Somebody took something away, and it came back.',
  },
  superseded: {
    name: 'Replaced',
    means: 'Gone, and rightly so: whoever replaced it had seen it.',
  },
  visible: { name: 'Visible', means: 'Still on the board.' },
};
