import type { DetectorName } from '../../network/room-choices.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';

/** How a detector came to what it thinks of one neighbour, for whoever wants to see it think. */
export interface Working {
  readonly detector: DetectorName;
  readonly suspects: boolean;
  /** How near it is to suspicion now, and where suspicion begins, both in `unit`. */
  readonly level: number;
  readonly threshold: number;
  readonly unit: 'ms' | 'phi' | 'probes';
  /** In words for a student. */
  readonly reason: string;
  /** The last times between two beats, oldest first; empty where it keeps none. */
  readonly gaps: readonly Milliseconds[];
  /**
   * What it has learned to expect; null where it does not learn. With phi the pause that it puts up
   * with is in the mean, so that `phiOf(silence, meanMs, deviationMs)` is its whole curve.
   */
  readonly expected: { readonly meanMs: Milliseconds; readonly deviationMs: Milliseconds } | null;
}

/**
 * Tells from signs of life who is silent. Every detector passes the one suite in
 * `test/compliance/detectors.ts`. It never decides that somebody is dead: that is for the membership,
 * which asks others and gives the accused time to answer.
 */
export interface FailureDetector {
  readonly name: DetectorName;

  /** A link to it has opened, now. */
  watch(id: NodeId, now: Milliseconds): void;

  /** A sign of life has arrived, of any kind: it ends a silence. */
  heard(id: NodeId, now: Milliseconds): void;

  /**
   * A beat has arrived; `heard` was told of it too. Beats alone come at a steady pace, so the times
   * between them, and no others, say what is usual.
   *
   * @param everyMs how often it beats, by its own word
   */
  beat(id: NodeId, now: Milliseconds, everyMs: Milliseconds): void;

  /** This node itself did not run for so long until now: that silence says nothing of anybody. */
  excuse(gapMs: Milliseconds, now: Milliseconds): void;

  /** Its link has closed. */
  forget(id: NodeId): void;

  suspects(id: NodeId, now: Milliseconds): boolean;

  /** Null for one that is not watched. */
  working(id: NodeId, now: Milliseconds): Working | null;
}
