import { ASSUMED_DRIFT_PPM } from '../clocks/drift-bound.ts';
import { measure } from '../clocks/four-timestamps.ts';
import type { Milliseconds } from '../vocabulary.ts';
import { ComparedClock } from './compared-clock.ts';
import type { TimeSyncAnswer } from './messages.ts';

/** Longer than any delay of a lesson; a question that was lost blocks the next one for this long. */
export const ANSWER_TIMEOUT_MS: Milliseconds = 3_000;

/** How far the clocks of a peer jumped between its last two answers; null where they did not. */
export interface Jumps {
  readonly wall: Milliseconds | null;
  readonly monotonic: Milliseconds | null;
}

/** What this node asked one peer, and what it learnt of the peer's two clocks. */
export class Peer {
  readonly wall = new ComparedClock();
  readonly monotonic = new ComparedClock();
  private open: { readonly number: number; readonly asked: Milliseconds } | null = null;

  /** Is it its turn? One question at a time: an answer on a slow link is worth waiting for. */
  mayAsk(now: Milliseconds): boolean {
    return this.open === null || now - this.open.asked >= ANSWER_TIMEOUT_MS;
  }

  ask(number: number, now: Milliseconds): void {
    this.open = { number, asked: now };
  }

  /** Null if it is no answer to the open question, or tells times that no clock can have shown. */
  answered({ number, wall, monotonic }: TimeSyncAnswer, heard: Milliseconds): Jumps | null {
    if (this.open?.number !== number) return null;
    const { asked } = this.open;
    this.open = null;
    const ofWall = measure({ asked, ...wall, heard }, ASSUMED_DRIFT_PPM);
    const ofMonotonic = measure({ asked, ...monotonic, heard }, ASSUMED_DRIFT_PPM);
    if (ofWall === null || ofMonotonic === null) return null;
    return { wall: this.wall.add(ofWall), monotonic: this.monotonic.add(ofMonotonic) };
  }
}
