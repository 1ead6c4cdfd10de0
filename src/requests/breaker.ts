import type { Milliseconds } from '../vocabulary.ts';

/**
 * A circuit breaker: who fails again and again is left alone for a while, for its own good and for
 * that of the caller, who hears at once what would only be heard after a timeout.
 *
 *     closed ----- failed, the 5th time in a row -----> open
 *       ^                                               |  ^
 *       | succeeded                  rested and asked   |  | failed
 *       |                                               v  |
 *       +-------------------------------------------- half-open
 *
 * Half-open, one attempt is let through: its result decides.
 */
export type BreakerState = 'closed' | 'open' | 'half-open';

type BreakerEvent = 'succeeded' | 'failed' | 'failed-again-and-again' | 'rested';

const NEXT: {
  readonly [State in BreakerState]: { readonly [Event in BreakerEvent]: BreakerState };
} = {
  closed: { succeeded: 'closed', failed: 'closed', 'failed-again-and-again': 'open', rested: 'closed' }, // prettier-ignore
  open: { succeeded: 'open', failed: 'open', 'failed-again-and-again': 'open', rested: 'half-open' }, // prettier-ignore
  'half-open': { succeeded: 'closed', failed: 'open', 'failed-again-and-again': 'open', rested: 'half-open' }, // prettier-ignore
};

/** In a row: with a tenth of the messages lost each way, that happens by chance once in 4,000 attempts. */
export const FAILURES_IN_A_ROW = 5;

/** It rests for this long on average, half as much more or less, so that callers do not come back together. */
export const REST_MS: Milliseconds = 2_000;

/** Allows one attempt, and says to which state of the breaker its result belongs. */
export type Permit = number;

interface BreakerWorld {
  monotonic(): Milliseconds;
  random(): number;
}

export class Breaker {
  private readonly world: BreakerWorld;
  private readonly changed: (state: BreakerState) => void;
  private current: BreakerState = 'closed';
  /** Rises with every change of state: results of attempts from before it count no more. */
  private generation: Permit = 0;
  private failures = 0;
  private restsUntil: Milliseconds = 0;

  constructor(world: BreakerWorld, changed: (state: BreakerState) => void) {
    this.world = world;
    this.changed = changed;
  }

  get state(): BreakerState {
    return this.current;
  }

  /** For one attempt; null if there must be none now. Its result must be told. */
  permit(): Permit | null {
    if (this.current === 'closed') return this.generation;
    if (this.current === 'half-open' || this.world.monotonic() < this.restsUntil) return null;
    this.happened('rested');
    return this.generation;
  }

  succeeded(permit: Permit): void {
    if (permit !== this.generation) return;
    this.failures = 0;
    this.happened('succeeded');
  }

  failed(permit: Permit): void {
    if (permit !== this.generation) return;
    this.failures += 1;
    this.happened(this.failures >= FAILURES_IN_A_ROW ? 'failed-again-and-again' : 'failed');
  }

  private happened(event: BreakerEvent): void {
    const next = NEXT[this.current][event];
    if (next === this.current) return;
    this.current = next;
    this.generation += 1;
    this.failures = 0;
    if (next === 'open') {
      this.restsUntil = this.world.monotonic() + REST_MS * (0.5 + this.world.random());
    }
    this.changed(next);
  }
}
