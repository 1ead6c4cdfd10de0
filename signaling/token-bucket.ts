import type { Milliseconds } from '../src/vocabulary.ts';

export interface Rate {
  /** Tokens of a full bucket. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * A token bucket that may run into debt. `charge` takes even what is not there: whoever goes on
 * after the bucket is empty digs the debt deeper, and a debt of a whole bucket is abuse.
 */
export class TokenBucket {
  #rate: Rate;
  #tokens: number;
  #at: Milliseconds;

  constructor(rate: Rate, now: Milliseconds) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes `cost` if it is there. */
  take(cost: number, now: Milliseconds): boolean {
    this.#refill(now);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  charge(cost: number, now: Milliseconds): 'granted' | 'refused' | 'abused' {
    this.#refill(now);
    this.#tokens -= cost;
    if (this.#tokens >= 0) return 'granted';
    return this.#tokens > -this.#rate.burst ? 'refused' : 'abused';
  }

  #refill(now: Milliseconds): void {
    const earned = ((now - this.#at) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + earned);
    this.#at = now;
  }
}
