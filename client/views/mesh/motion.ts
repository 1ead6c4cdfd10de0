import type { Flight } from '../../../src/trace/flights.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** What of it is in sight. */
export interface MotionCount {
  readonly drawn: number;
  readonly all: number;
  /** Whose messages have been seen since the view was opened. */
  readonly protocols: readonly string[];
}

/** Where a mesh view gets its moving marks from, live or replayed. */
export interface Motion {
  /**
   * The moment that is drawn, in true milliseconds since 1970. Live it runs a fixed small delay
   * behind, so that most receipts are known before their message sets out.
   */
  now(): Milliseconds;
  /** Messages that were under way at some moment between two, both included. */
  flightsBetween(from: Milliseconds, to: Milliseconds): readonly Flight[];
}
