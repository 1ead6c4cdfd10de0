import type { StableStore } from './stable-store.ts';

/** Of the node itself: no protocol's name is empty. */
const KEY = '/lamport';

/**
 * How many numbers are reserved at once. A busy node uses a thousand a second, so it writes once in
 * a minute or two; a restart skips as many at most, out of 2^53.
 */
export const RESERVED_AT_ONCE = 100_000;

/**
 * Keeps a node's Lamport clock from falling over a restart that keeps the disk, without a write for
 * every event: a ceiling is stored ahead of the clock, and the next life begins at that ceiling.
 */
export class LamportReserve {
  private readonly store: StableStore;
  /** The clock's first number in this life: above every number that an earlier one let out. */
  readonly start: number;
  private asked: number;

  constructor(store: StableStore) {
    this.store = store;
    const stored = store.get(KEY);
    this.start = typeof stored === 'number' ? stored : 0;
    this.asked = this.start;
  }

  /** Stores a higher ceiling, as part of the running step, once half of the reserve is used. */
  renew(lamport: number): void {
    if (lamport + RESERVED_AT_ONCE / 2 < this.asked) return;
    this.asked = Math.min(lamport + RESERVED_AT_ONCE, Number.MAX_SAFE_INTEGER);
    this.store.put(KEY, this.asked);
  }

  /** The ceiling that the next batch, or one before it, has on it. */
  get ceiling(): number {
    return this.asked;
  }
}
