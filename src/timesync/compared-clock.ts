import { ASSUMED_DRIFT_PPM, PARTS_PER_MILLION } from '../clocks/drift-bound.ts';
import { DriftMeter, type Drift } from '../clocks/drift-meter.ts';
import type { Sample } from '../clocks/four-timestamps.ts';
import { SyncFilter, type Estimate } from '../clocks/sync-filter.ts';
import type { Milliseconds } from '../vocabulary.ts';

/**
 * What changes faster than this was set, not drifting: 1 %, which is 14 minutes a day. At a question
 * a second it tells a jump of 10 ms and more from a drift, on a link without delay.
 */
export const MAX_CREDIBLE_DRIFT_PPM = 10_000;

/** One clock as it was measured against this node's own monotonic clock. */
export class ComparedClock {
  private readonly filter = new SyncFilter(ASSUMED_DRIFT_PPM);
  private readonly meter = new DriftMeter();

  get samples(): number {
    return this.filter.size;
  }

  /** By how much the clock jumped since the sample before this one, or null if it did not. */
  add(sample: Sample): Milliseconds | null {
    const jump = this.jumpTo(sample);
    if (jump !== null) {
      this.filter.clear();
      this.meter.clear();
    }
    this.filter.add(sample);
    this.meter.add(sample);
    return jump;
  }

  estimate(now: Milliseconds): Estimate | null {
    return this.filter.best(now);
  }

  drift(): Drift | null {
    return this.meter.drift();
  }

  /** False once it is sure that a clock drifts more than the error bounds assume: they may not hold. */
  get asAssumed(): boolean {
    const drift = this.drift();
    return drift === null || Math.abs(drift.ppm) - drift.errorPpm <= 2 * ASSUMED_DRIFT_PPM;
  }

  private jumpTo({ at, offset, error }: Sample): Milliseconds | null {
    const before = this.filter.newest;
    if (before === undefined) return null;
    const change = offset - before.offset;
    const drifted = (at - before.at) * MAX_CREDIBLE_DRIFT_PPM * PARTS_PER_MILLION;
    return Math.abs(change) > error + before.error + drifted ? change : null;
  }
}
