/** Retries of a fifth of all calls hide a tenth of loss each way, and add a fifth to the load when all fails. */
export const SHARE = 0.2;

/** What was saved up in good times: a burst of loss is ridden out. */
export const MOST_SAVED = 10;

/**
 * Bounds retries to a share of the calls, whatever fails: if everything does, the load on a node in
 * trouble grows by that share and not by the number of attempts.
 */
export class RetryBudget {
  private saved = MOST_SAVED;

  /** A call was made: it pays in. */
  called(): void {
    this.saved = Math.min(MOST_SAVED, this.saved + SHARE);
  }

  /** May there be one retry more? If so, it is paid for. */
  take(): boolean {
    if (this.saved < 1) return false;
    this.saved -= 1;
    return true;
  }
}
