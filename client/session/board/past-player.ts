import type { Replay } from '../../../src/merge/replay.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { BoardPicture } from './board-picture.ts';
import type { PastView } from './lab-view.ts';

/** Of one frame; the node has the rest. */
const SLICE_MS: Milliseconds = 8;

/** Steps that were looked at are there again at once; the one that was seen longest ago goes first. */
export const MAX_PICTURES_KEPT = 64;

type PlayedReplay = Pick<Replay, 'steps' | 'position' | 'advance' | 'rewind'>;
type Making = Generator<void, BoardPicture>;

/** Takes a replay to where somebody wants to look, a little in each frame, and draws it there. */
export class PastPlayer {
  readonly #replay: PlayedReplay;
  readonly #draw: () => Making;
  readonly #now: () => Milliseconds;
  readonly #pictures = new Map<number, BoardPicture>();
  #step: number;
  #making: Making | null = null;
  #shown: BoardPicture;

  /** @param last the picture of the last step, from which one sets out */
  constructor(
    replay: PlayedReplay,
    last: BoardPicture,
    draw: () => Making,
    now = () => performance.now(),
  ) {
    this.#replay = replay;
    this.#draw = draw;
    this.#now = now;
    this.#step = replay.steps.length;
    this.#shown = last;
    this.#pictures.set(this.#step, last);
  }

  get view(): PastView {
    const isThere = this.#pictures.get(this.#step) === this.#shown;
    const { position, steps } = this.#replay;
    return {
      ...{ step: this.#step, of: steps.length, picture: this.#shown },
      played: isThere ? null : position,
    };
  }

  seek(step: number): void {
    this.#step = Math.max(0, Math.min(step, this.#replay.steps.length));
    this.#making = null;
  }

  /** What is told of a step has changed. */
  drawAnew(): void {
    this.#pictures.clear();
    this.#making = null;
  }

  /** Goes on for a moment; true while there is more to do. */
  work(): boolean {
    const kept = this.#pictures.get(this.#step);
    if (kept !== undefined) {
      this.#keep(kept);
      return false;
    }
    const until = this.#now() + SLICE_MS;
    while (!this.#goOn()) if (this.#now() >= until) return true;
    return false;
  }

  /** One step, or one engine of the picture. True when it is done. */
  #goOn(): boolean {
    const replay = this.#replay;
    if (replay.position > this.#step) replay.rewind();
    if (replay.position < this.#step) {
      replay.advance();
      return false;
    }
    this.#making ??= this.#draw();
    const { done, value } = this.#making.next();
    if (done !== true) return false;
    this.#making = null;
    this.#keep(value);
    return true;
  }

  #keep(picture: BoardPicture): void {
    this.#shown = picture;
    this.#pictures.delete(this.#step);
    this.#pictures.set(this.#step, picture);
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > MAX_PICTURES_KEPT) this.#pictures.delete(oldest!);
  }
}
