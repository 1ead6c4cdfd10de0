import type { Incarnation } from '../vocabulary.ts';

/**
 * One node's entry in a vector clock: which of its lives, and how many events of that life.
 *
 * An entry must rise over restarts, although a restarted node may have lost its memory and cannot
 * ask where it stopped. All it surely knows is its incarnation, so each life gets a range of its own.
 */
export type Tick = number;

/**
 * A round decimal, so that a person reads 3000000017 as 'life 4, event 17'. At a thousand events a
 * second a life lasts eleven days, and the whole numbers up to 2^53 have room for nine million lives.
 */
export const TICKS_PER_LIFE = 1_000_000_000;

/** The last life whose every tick is still a whole number that JavaScript counts exactly. */
export const MAX_INCARNATION = 9_000_000;

/** Where a life begins: before its first event. */
export function firstTick(incarnation: Incarnation): Tick {
  return (incarnation - 1) * TICKS_PER_LIFE;
}

/** How many events of its life a node had seen: what people are shown. */
export function countInLife(tick: Tick): number {
  return tick % TICKS_PER_LIFE;
}

/** The life that a tick is of: its first event or a later one, or the life's very beginning. */
export function lifeOf(tick: Tick): Incarnation {
  return Math.floor(tick / TICKS_PER_LIFE) + 1;
}
