import type { Milliseconds } from '../vocabulary.ts';
import { ASSUMED_DRIFT_PPM, driftBound } from './drift-bound.ts';

/** True time is surely in it, the ends included, as long as what is assumed of the clocks holds. */
export interface TimeInterval {
  readonly earliest: Milliseconds;
  readonly latest: Milliseconds;
}

/** A microsecond: finer than any clock of a tab, coarser than the rounding of today's milliseconds. */
const GRAIN_MS: Milliseconds = 0.001;

/**
 * A clock that knows how wrong it may be, in the manner of Spanner's TrueTime (Corbett and others,
 * 2012). Right after a sync it is off by that sync's error; from then on by what its own clock may
 * have drifted as well. The rules are UNCERTAIN-1 to UNCERTAIN-4.
 */
export class UncertainClock {
  private readonly monotonic: () => Milliseconds;
  private readonly assumedDriftPpm: number;
  private sync: {
    readonly at: Milliseconds;
    readonly offset: Milliseconds;
    readonly error: Milliseconds;
  } | null = null;

  constructor(monotonic: () => Milliseconds, assumedDriftPpm: number = ASSUMED_DRIFT_PPM) {
    this.monotonic = monotonic;
    this.assumedDriftPpm = assumedDriftPpm;
  }

  /**
   * Now true time is the own monotonic clock plus `offset`, give or take `error`. Says whether it was
   * taken in: a sync that knows less than is known already is not.
   */
  synced(offset: Milliseconds, error: Milliseconds): boolean {
    const at = this.monotonic();
    if (error >= this.errorAt(at)) return false;
    this.sync = { at, offset, error };
    return true;
  }

  /** Forgets the sync: whoever it came from was not to be relied on. */
  forget(): void {
    this.sync = null;
  }

  /** All of time, before the first sync. */
  now(): TimeInterval {
    const now = this.monotonic();
    const middle = now + (this.sync?.offset ?? 0);
    const error = this.errorAt(now);
    return { earliest: middle - error, latest: middle + error };
  }

  surelyPast(time: Milliseconds): boolean {
    return this.now().earliest > time;
  }

  /**
   * How long to wait, on the own monotonic clock, until `until` is surely past; 0 if it is. Spanner
   * waits so before it tells of a commit at `until`: whoever hears of it then starts later.
   */
  commitWait(until: Milliseconds): Milliseconds {
    const { earliest } = this.now();
    if (earliest > until) return 0;
    // While it waits the error grows, so `earliest` runs a little slower than the clock.
    return (until - earliest) / (1 - driftBound(1, this.assumedDriftPpm)) + GRAIN_MS;
  }

  private errorAt(now: Milliseconds): Milliseconds {
    if (this.sync === null) return Infinity;
    return this.sync.error + driftBound(now - this.sync.at, this.assumedDriftPpm);
  }
}
