import type { AnyAlgorithm } from './algorithm.ts';
import { bully } from './bully.ts';
import { electionsOf } from './elections.ts';
import { naive } from './naive.ts';

/** All that this program has. */
export const ALGORITHMS_HERE: readonly AnyAlgorithm[] = [naive, bully];

export const elections = electionsOf(ALGORITHMS_HERE);
