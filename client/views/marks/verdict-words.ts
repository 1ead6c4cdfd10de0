import type { Verdict } from '../../../src/membership/verdict.ts';

export const VERDICT_WORDS: { readonly [V in Verdict]: string } = {
  alive: 'alive',
  suspect: 'suspected',
  dead: 'dead',
};
