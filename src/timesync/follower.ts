import { DisciplinedClock, type Discipline } from '../clocks/discipline.ts';
import type { Estimate } from '../clocks/sync-filter.ts';
import { UncertainClock } from '../clocks/uncertainty.ts';
import type { Milliseconds } from '../vocabulary.ts';

/** The time of a followed peer, as far as this node knows it. */
export interface FollowedTime {
  /** What the corrected clock shows. */
  readonly reading: Milliseconds;
  /** What is known to be wrong with it and is being slewed away. */
  readonly pendingMs: Milliseconds;
  /** The peer's wall clock shows no less than this; null before its first answer. */
  readonly earliest: Milliseconds | null;
  /** The peer's wall clock shows no more than this; null before its first answer. */
  readonly latest: Milliseconds | null;
}

/** Keeps a clock of this node's own in step with one peer's wall clock, by slewing or by stepping. */
export class Follower {
  private readonly monotonic: () => Milliseconds;
  private readonly clock: DisciplinedClock;
  private readonly uncertain: UncertainClock;

  constructor(monotonic: () => Milliseconds, discipline: Discipline, wall: Milliseconds) {
    this.monotonic = monotonic;
    this.clock = new DisciplinedClock(monotonic, discipline, wall);
    this.uncertain = new UncertainClock(monotonic);
  }

  /** @param jumped the peer's clock was set: what was known of it before counts no more */
  learnt({ offset, error }: Estimate, jumped: boolean): void {
    if (jumped) this.uncertain.forget();
    this.uncertain.synced(offset, error);
    this.clock.correct(this.monotonic() + offset - this.clock.now());
  }

  time(): FollowedTime {
    const { earliest, latest } = this.uncertain.now();
    const known = Number.isFinite(earliest);
    return {
      reading: this.clock.now(),
      pendingMs: this.clock.pendingMs,
      earliest: known ? earliest : null,
      latest: known ? latest : null,
    };
  }

  /** See `UncertainClock.commitWait`; `Infinity` before the first answer. */
  commitWait(until: Milliseconds): Milliseconds {
    return this.uncertain.commitWait(until);
  }
}
