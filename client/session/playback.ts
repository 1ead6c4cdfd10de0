import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';

/** A quarter shows a single message; four times shows a lesson's course. */
export const SPEEDS = [0.25, 1, 4] as const;
export type Speed = (typeof SPEEDS)[number];

/** A position in a trace that moves by itself while it plays: at the end it stops. */
export class Playback {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  #chronicle: Chronicle;
  #now: () => Milliseconds;
  #speed: Speed = 1;
  /** Where it was at `#since`; while it stands, `#since` is null. */
  #base: Milliseconds;
  #since: Milliseconds | null = null;

  /** @param now any clock that never goes back */
  constructor(chronicle: Chronicle, now: () => Milliseconds) {
    const { from, to } = chronicle.span ?? { from: 0, to: 0 };
    this.from = from;
    this.to = to;
    this.#chronicle = chronicle;
    this.#now = now;
    this.#base = from;
  }

  get position(): Milliseconds {
    if (this.#since === null) return this.#base;
    return Math.min(this.to, this.#base + (this.#now() - this.#since) * this.#speed);
  }

  get playing(): boolean {
    return this.#since !== null && this.position < this.to;
  }

  get speed(): Speed {
    return this.#speed;
  }

  /** From the beginning, if it stands at the end. */
  play(): void {
    this.#move(this.position < this.to ? this.position : this.from, true);
  }

  pause(): void {
    this.#move(this.position, false);
  }

  setSpeed(speed: Speed): void {
    this.#move(this.position, this.playing);
    this.#speed = speed;
  }

  seek(position: Milliseconds): void {
    this.#move(position, this.playing);
  }

  /** To the next event, or back to the one before: and there it stands. */
  step(direction: 1 | -1): void {
    const { position } = this;
    const event =
      direction === 1 ? this.#chronicle.after(position) : this.#chronicle.before(position);
    this.#move(event?.at ?? (direction === 1 ? this.to : this.from), false);
  }

  #move(position: Milliseconds, plays: boolean): void {
    this.#base = Math.min(this.to, Math.max(this.from, position));
    this.#since = plays ? this.#now() : null;
  }
}
