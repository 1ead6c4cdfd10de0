import type { Milliseconds } from '../../src/vocabulary.ts';

/**
 * A renderer may hold 500 peer connections, and a closed one counts until it is collected, which the
 * page cannot see. So closed ones are counted for a while longer than a collection ever took.
 */
export const MAX_HELD_CONNECTIONS = 400;
export const COLLECTION_MS: Milliseconds = 60_000;

export class ConnectionBudget {
  #open = 0;
  #closedAt: Milliseconds[] = [];

  /** Takes a place if there is one; every place taken is given back once. */
  take(now: Milliseconds): boolean {
    this.#collect(now);
    if (this.#open + this.#closedAt.length >= MAX_HELD_CONNECTIONS) return false;
    this.#open++;
    return true;
  }

  giveBack(now: Milliseconds): void {
    this.#open--;
    this.#closedAt.push(now);
  }

  get held(): number {
    return this.#open + this.#closedAt.length;
  }

  #collect(now: Milliseconds): void {
    const kept = this.#closedAt.findIndex((at) => now - at < COLLECTION_MS);
    this.#closedAt.splice(0, kept === -1 ? this.#closedAt.length : kept);
  }
}
