import type { Cancel } from '../../src/runtime/host.ts';

/**
 * How many calls one tab makes at once. A connection is mostly cryptography: two dozen tabs on one
 * old laptop that all call each other at once finish none of them before their timeouts, then all
 * try again, for minutes. A few at a time, each is done in a moment, and the whole mesh sooner.
 */
export const MAX_CALLS_AT_ONCE = 4;

/** Lets a few in at a time, in the order in which they came. */
export class Pacer {
  #limit: number;
  #inside = 0;
  #queue: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns to be called when done, or when the turn is no longer wanted */
  enter(begin: () => void): Cancel {
    let state: 'queued' | 'inside' | 'left' = 'queued';
    const enter = (): void => {
      state = 'inside';
      this.#inside++;
      begin();
    };
    if (this.#inside < this.#limit) enter();
    else this.#queue.push(enter);
    return () => {
      if (state === 'queued') this.#queue = this.#queue.filter((each) => each !== enter);
      else if (state === 'inside') this.#leave();
      state = 'left';
    };
  }

  #leave(): void {
    this.#inside--;
    this.#queue.shift()?.();
  }
}
