import type { Milliseconds } from '../vocabulary.ts';
import { driftBound } from './drift-bound.ts';

/** When a question and its answer left and came: two by the asker's clock, two by the answerer's. */
export interface Exchange {
  /** By the asker's clock. */
  readonly asked: Milliseconds;
  /** By the answerer's clock. */
  readonly received: Milliseconds;
  /** By the answerer's clock. */
  readonly answered: Milliseconds;
  /** By the asker's clock. */
  readonly heard: Milliseconds;
}

/** What one exchange tells of the answerer's clock. */
export interface Sample {
  /** When, by the asker's clock. */
  readonly at: Milliseconds;
  /** How far the answerer's clock is ahead of the asker's. */
  readonly offset: Milliseconds;
  /** On the way, both ways together. */
  readonly delay: Milliseconds;
  /** The true offset at `at` is no further from `offset` than this. */
  readonly error: Milliseconds;
}

/**
 * Cristian's and NTP's measurement (RFC 5905, section 8).
 *
 *     answerer   ----- received ... answered -----
 *                     /                     \
 *     asker      -- asked ---------------- heard --
 *
 * The question took some time, so the offset is at most `received - asked`; the answer took some, so
 * it is at least `answered - heard`. The middle is the best guess and half of the delay its error:
 * no smaller bound holds, for the delay may have been on one way alone. While it lasted, both clocks
 * may have drifted too.
 *
 * Null if no two clocks within `assumedDriftPpm` can have shown these times.
 */
export function measure(exchange: Exchange, assumedDriftPpm: number): Sample | null {
  const { asked, received, answered, heard } = exchange;
  const atMost = received - asked;
  const atLeast = answered - heard;
  const delay = atMost - atLeast;
  const error = delay / 2 + 2 * driftBound(heard - asked, assumedDriftPpm);
  if (heard < asked || answered < received || error < 0) return null;
  return { at: heard, offset: (atMost + atLeast) / 2, delay, error };
}
