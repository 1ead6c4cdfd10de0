import type { Condition } from '../rule-words.ts';

/** What the teacher has laid upon a node, as small marks at its disc. */
export const HINTS = ['clock', 'slow', 'mute', 'deaf'] as const;
export type Hint = (typeof HINTS)[number];

export const HINT_WORDS: { readonly [H in Hint]: string } = {
  clock: 'its clock is wrong',
  slow: 'it works slowly',
  mute: 'some of what it sends is lost',
  deaf: 'some of what reaches it is lost',
};

export function hintsOf(condition: Condition): readonly Hint[] {
  const { wallOffsetMs = 0, driftPpm = 0, slowMs = 0 } = condition;
  const { sendOmission = 0, receiveOmission = 0 } = condition;
  const has: { readonly [H in Hint]: boolean } = {
    clock: wallOffsetMs !== 0 || driftPpm !== 0,
    slow: slowMs > 0,
    mute: sendOmission > 0,
    deaf: receiveOmission > 0,
  };
  return HINTS.filter((hint) => has[hint]);
}
