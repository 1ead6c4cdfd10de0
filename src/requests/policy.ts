import type { RetryName } from '../network/room-choices.ts';

/** What keeps retries from doing harm, each of it apart so that it can be seen what happens without. */
export interface RetryPolicy {
  /** At most, the first included. */
  readonly attempts: number;
  /** Waits before it tries again, longer each time: `backoff.ts`. */
  readonly backsOff: boolean;
  /** Retries are a bounded share of all calls: `retry-budget.ts`. */
  readonly budget: boolean;
  /** Leaves a node alone that fails again and again: `breaker.ts`. */
  readonly breaker: boolean;
  /** Bounds the open calls of one node: `bulkhead.ts`. */
  readonly bulkhead: boolean;
  /** The server knows a call again, and executes it once: `answered-calls.ts`. */
  readonly remembers: boolean;
  /** The server drops what nobody waits for any more. */
  readonly dropsLate: boolean;
  /** What may wait at the server; beyond it, it says at once that it is busy. */
  readonly queueLimit: number;
}

/**
 * What waits behind it waits for half of the default timeout at the storm's pace (25 × 20 ms): an
 * answer still comes in time, with as much left for the way there and back.
 */
export const SHORT_QUEUE = 25;

/** For a server that takes all there is: memory must end somewhere, and 20 s of work is far too late. */
export const LONG_QUEUE = 1_000;

/** As the reading's examples try it; with backoff, the fourth is some seconds after the first. */
const ATTEMPTS = 4;

export const POLICIES: { readonly [Name in RetryName]: RetryPolicy } = {
  careful: {
    attempts: ATTEMPTS,
    backsOff: true,
    budget: true,
    breaker: true,
    bulkhead: true,
    remembers: true,
    dropsLate: true,
    queueLimit: SHORT_QUEUE,
  },
  naive: {
    attempts: ATTEMPTS,
    backsOff: false,
    budget: false,
    breaker: false,
    bulkhead: false,
    remembers: false,
    dropsLate: false,
    queueLimit: LONG_QUEUE,
  },
  none: {
    attempts: 1,
    backsOff: false,
    budget: false,
    breaker: false,
    bulkhead: false,
    remembers: false,
    dropsLate: false,
    queueLimit: LONG_QUEUE,
  },
};
