import type { Milliseconds } from '../vocabulary.ts';

export interface Bandwidth {
  readonly bytesPerSecond: number;
  /** What may wait. A frame for which there is no room is lost: overflow. */
  readonly queueBytes: number;
  /** What a rested link sends at once. 0 is a plain wire: every byte takes its time. */
  readonly burstBytes: number;
}

/**
 * The longest that a full queue takes to empty. A link that was slowed is itself again within this
 * time, so that a class sees the rule that it lifts end.
 */
export const MAX_QUEUE_MS: Milliseconds = 60_000;

/** Debts below this are what rounding leaves of a queue that is empty. */
const ROUNDING_BYTES = 1e-6;

/**
 * A token bucket with a bounded queue, in arithmetic alone: each byte costs a token, tokens come at
 * the link's rate up to `burstBytes`, and a debt of tokens is the queue. A frame has left when its
 * last byte is paid, so in any window of t seconds no more than rate × t + the burst leaves, give
 * or take the frame that was being sent when the window opened.
 */
export class TokenBucket {
  readonly bandwidth: Bandwidth;
  private tokens: number;
  private refilledAt: Milliseconds;

  /** @param backlogBytes what another bucket had queued when this one took its place */
  constructor(bandwidth: Bandwidth, now: Milliseconds, backlogBytes = 0) {
    this.bandwidth = bandwidth;
    this.tokens = backlogBytes > 0 ? -backlogBytes : bandwidth.burstBytes;
    this.refilledAt = now;
  }

  /** What has not left yet, the unsent rest of a frame included. */
  queuedBytes(now: Milliseconds): number {
    this.refill(now);
    return this.tokens < -ROUNDING_BYTES ? -this.tokens : 0;
  }

  /**
   * When the last byte of a frame leaves that is handed over now, or null if there is no room. An
   * empty queue takes a frame that is larger than itself: it is being sent and need not wait.
   */
  take(now: Milliseconds, bytes: number): Milliseconds | null {
    const queued = this.queuedBytes(now);
    const { bytesPerSecond, queueBytes } = this.bandwidth;
    const longestBytes = (bytesPerSecond * MAX_QUEUE_MS) / 1000;
    const roomBytes = queued === 0 ? Math.max(queueBytes, longestBytes) : queueBytes - queued;
    if (bytes > roomBytes) return null;
    this.tokens -= bytes;
    return now + (Math.max(0, -this.tokens) * 1000) / bytesPerSecond;
  }

  private refill(now: Milliseconds): void {
    const earned = ((now - this.refilledAt) * this.bandwidth.bytesPerSecond) / 1000;
    this.tokens = Math.min(this.bandwidth.burstBytes, this.tokens + earned);
    this.refilledAt = now;
  }
}
