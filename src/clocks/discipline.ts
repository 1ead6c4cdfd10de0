import type { Milliseconds } from '../vocabulary.ts';
import { PARTS_PER_MILLION } from './drift-bound.ts';

/** As fast as `adjtime` of Unix: 128 ms take four minutes, and no program notices. */
export const MAX_SLEW_PPM = 500;

/**
 * - `slew`: the clock runs a little faster or slower until it is right. It never goes back and never
 *   leaps, and it stays wrong for a while.
 * - `step`: the clock is right at once, and may go back.
 */
export type Discipline = 'slew' | 'step';

/** A clock that is corrected without touching the one that it is made from. Rules: DISCIPLINE-1 to 3. */
export class DisciplinedClock {
  private readonly raw: () => Milliseconds;
  private readonly discipline: Discipline;
  /** Up to here everything is in `correction`; from here on `pending` is being slewed away. */
  private since: Milliseconds;
  private correction: Milliseconds;
  private pending: Milliseconds = 0;
  private latest = -Infinity;

  /** @param raw never goes back, so that a slewed clock need not either */
  constructor(raw: () => Milliseconds, discipline: Discipline, reading: Milliseconds) {
    this.raw = raw;
    this.discipline = discipline;
    this.since = raw();
    this.correction = reading - this.since;
  }

  now(): Milliseconds {
    const raw = this.raw();
    const reading = raw + this.correction + this.slewed(raw);
    if (this.discipline === 'step') return reading;
    // Only rounding could take a slewed clock back.
    this.latest = Math.max(this.latest, reading);
    return this.latest;
  }

  /** What is known to be wrong and not yet corrected. */
  get pendingMs(): Milliseconds {
    return this.pending - this.slewed(this.raw());
  }

  /** It was found that the clock should show `offset` more than it does, in place of what is pending. */
  correct(offset: Milliseconds): void {
    const raw = this.raw();
    this.correction += this.slewed(raw);
    this.since = raw;
    this.pending = 0;
    if (this.discipline === 'step') this.correction += offset;
    else this.pending = offset;
  }

  private slewed(raw: Milliseconds): Milliseconds {
    const most = (raw - this.since) * MAX_SLEW_PPM * PARTS_PER_MILLION;
    return Math.max(-most, Math.min(most, this.pending));
  }
}
