import type { Milliseconds } from '../vocabulary.ts';

/** Five beats make a second: whoever dies has missed enough of them within one. */
export const BEAT_MS: Milliseconds = 200;

/** A node with more than seven neighbours beats seldomer to each, so that a large mesh stays quiet. */
export const MAX_BEATS_PER_SECOND = 36;

/** Every gap between two beats grows by up to this share of it, so that nodes do not fall into step. */
export const JITTER = 0.1;

/** How often a node with so many neighbours beats to each. */
export function beatEveryMs(neighbours: number): Milliseconds {
  return Math.max(BEAT_MS, (neighbours * 1_000) / MAX_BEATS_PER_SECOND);
}
