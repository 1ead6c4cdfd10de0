import type { Milliseconds } from '../vocabulary.ts';
import type { Lane, SendOutcome } from '../wire/lane.ts';
import type { Due } from './due.ts';

/**
 * How soon a full transport beneath is asked again. The stream drains a few hundred kilobytes in that
 * time on any LAN, and nobody sees so short a wait.
 */
const ASK_AGAIN_MS: Milliseconds = 10;

/**
 * The frames of one way out between their shaper and the transport beneath: each leaves at its time.
 * Where that transport is full, what is on the stream waits in order, since it was accepted.
 */
export class Departures {
  private readonly due: Due;
  private readonly hand: (frame: Uint8Array, lane: Lane) => SendOutcome;
  private readonly overflowed: () => void;
  private heldUp: Uint8Array[] = [];
  private waitingBytes = 0;
  private open = true;

  /** @param overflowed a datagram found the transport beneath full */
  constructor(
    due: Due,
    hand: (frame: Uint8Array, lane: Lane) => SendOutcome,
    overflowed: () => void,
  ) {
    this.due = due;
    this.hand = hand;
    this.overflowed = overflowed;
  }

  get bytes(): number {
    return this.waitingBytes;
  }

  add(at: Milliseconds, frame: Uint8Array, lane: Lane): void {
    this.waitingBytes += frame.length;
    this.due.at(at, () => {
      if (this.open) this.leave(frame, lane);
    });
  }

  /** The link is gone: nothing of it leaves any more. */
  close(): void {
    this.open = false;
    this.heldUp = [];
    this.waitingBytes = 0;
  }

  private leave(frame: Uint8Array, lane: Lane): void {
    const behind = lane === 'stream' && this.heldUp.length > 0;
    const outcome = behind ? 'overflow' : this.hand(frame, lane);
    if (outcome === 'overflow' && lane === 'stream') {
      this.heldUp.push(frame);
      if (!behind) this.askAgain();
      return;
    }
    this.waitingBytes -= frame.length;
    if (outcome === 'overflow') this.overflowed();
  }

  private askAgain(): void {
    this.due.after(ASK_AGAIN_MS, () => {
      let left = 0;
      for (const frame of this.heldUp) {
        if (this.hand(frame, 'stream') === 'overflow') break;
        this.waitingBytes -= frame.length;
        left++;
      }
      this.heldUp.splice(0, left);
      if (this.heldUp.length > 0) this.askAgain();
    });
  }
}
