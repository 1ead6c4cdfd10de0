import type { Milliseconds } from '../../src/vocabulary.ts';

/** Clocks and silences go on without any event; a person reads them at this pace. */
const TICK_MS: Milliseconds = 100;

/**
 * Draws at most once a frame, however much changes, and not at all while the page is hidden.
 */
export class Publisher {
  #draw: () => void;
  #frame: number | null = null;
  #tick: ReturnType<typeof setInterval> | null = null;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  start(): void {
    // A page's own timer: it may rest with the page, unlike those of the node.
    this.#tick = setInterval(() => this.soon(), TICK_MS);
    this.soon();
  }

  stop(): void {
    if (this.#tick !== null) clearInterval(this.#tick);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#tick = null;
    this.#frame = null;
  }

  soon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }
}
