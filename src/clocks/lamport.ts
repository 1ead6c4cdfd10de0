/**
 * Lamport's clock: one number that rises with every event and with every message that arrives from
 * further ahead. If an event happened before another, its number is lower; the reverse is not true.
 */
export class Lamport {
  private time = 0;

  get now(): number {
    return this.time;
  }

  /** An event of this node: a send, or something local. */
  tick(): number {
    return this.advance(this.time);
  }

  /** The arrival of a message that was sent at `sentAt`. */
  receive(sentAt: number): number {
    return this.advance(Math.max(this.time, sentAt));
  }

  /** A clock that a hostile message drove to the end stays there: order is lost, nothing else. */
  private advance(from: number): number {
    this.time = Math.min(from + 1, Number.MAX_SAFE_INTEGER);
    return this.time;
  }
}
