import type { DetectorName } from '../../src/network/room-choices.ts';

/** What each way to tell that a node is silent is called, and what it does, in one sentence. */
export const DETECTOR_WORDS: {
  readonly [Detector in DetectorName]: { readonly name: string; readonly how: string };
} = {
  swim: {
    name: 'SWIM',
    how: 'Asks one node after the other. Before it suspects one, a few others ask it too.',
  },
  phi: {
    name: 'Phi accrual',
    how: 'Learns how regular each link is, and says how surprising a silence is.',
  },
  adaptive: {
    name: 'Adaptive timeout',
    how: 'Learns the longest usual gap of each link, and waits for twice as long.',
  },
  fixed: {
    name: 'Fixed timeout',
    how: 'Waits the same time for everyone, whatever is usual on the link.',
  },
};
