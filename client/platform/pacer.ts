import type { Cancel } from '../../src/runtime/host.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';

/**
 * How many calls one tab makes at once. A connection is mostly cryptography: two dozen tabs on one
 * old laptop that all call each other at once finish none of them before their timeouts, then all
 * try again, for minutes. A few at a time, each is done in a moment, and the whole mesh sooner.
 */
export const MAX_CALLS_AT_ONCE = 4;

/** A call that takes longer than this was in a queue somewhere: others wait for the same machine. */
export const BRISK_MS: Milliseconds = 1_500;

/**
 * Lets a few in at a time, in the order in which they came. How many, the calls themselves tell, as
 * with the window of TCP: each brisk one lets in a little more, each slow one halves it.
 */
export class Pacer {
  readonly #most: number;
  readonly #now: () => Milliseconds;
  #window: number;
  #inside = 0;
  #queue: (() => void)[] = [];

  constructor(most: number, now: () => Milliseconds) {
    this.#most = most;
    this.#now = now;
    this.#window = most;
  }

  /** @returns to be called when done, or when the turn is no longer wanted */
  enter(begin: () => void): Cancel {
    let state: 'queued' | 'inside' | 'left' = 'queued';
    let enteredAt: Milliseconds = 0;
    const enter = (): void => {
      state = 'inside';
      this.#inside++;
      enteredAt = this.#now();
      begin();
    };
    if (this.#mayEnter()) enter();
    else this.#queue.push(enter);
    return () => {
      if (state === 'queued') this.#queue = this.#queue.filter((each) => each !== enter);
      else if (state === 'inside') this.#leave(this.#now() - enteredAt);
      state = 'left';
    };
  }

  #mayEnter(): boolean {
    return this.#inside < Math.floor(this.#window);
  }

  #leave(tookMs: Milliseconds): void {
    this.#inside--;
    this.#window =
      tookMs > BRISK_MS
        ? Math.max(1, this.#window / 2)
        : Math.min(this.#most, this.#window + 1 / this.#window);
    while (this.#queue.length > 0 && this.#mayEnter()) this.#queue.shift()!();
  }
}
