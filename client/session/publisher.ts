import type { Milliseconds } from '../../src/vocabulary.ts';
import { randomUnit } from '../platform/random.ts';

/** Clocks and silences go on without any event; a person reads them at this pace. */
const TICK_MS: Milliseconds = 250;

/** However much changes: no eye follows more. */
const LEAST_GAP_MS: Milliseconds = 100;

/** What part of the tab's time drawing takes at most, where looking is what the tab is for. */
const LOOKING_SHARE = 1 / 40;

/** Where a node lives in the tab: on a slow or crowded machine it goes first. */
export const NODE_SHARE = 1 / 100;

/** So that the pages of one machine do not all draw at the same moment. */
const JITTER = 0.5;

/** Even then the page is never older than this. */
const MOST_GAP_MS: Milliseconds = 2_000;

/** Draws when something has changed, as often as the machine can well afford, and never while the page is hidden. */
export class Publisher {
  #draw: () => void;
  #share: number;
  #drawAgainAt: Milliseconds = -Infinity;
  #painted = new MessageChannel();
  #frame: number | null = null;
  #delay: ReturnType<typeof setTimeout> | null = null;
  #tick: ReturnType<typeof setInterval> | null = null;

  /** @param share of the tab's time that drawing may take */
  constructor(draw: () => void, share = LOOKING_SHARE) {
    this.#draw = draw;
    this.#share = share;
  }

  // These are the page's own timers: they may rest with the page, unlike those of the node.

  start(): void {
    this.#tick = setInterval(() => this.soon(), TICK_MS);
    this.soon();
  }

  stop(): void {
    if (this.#tick !== null) clearInterval(this.#tick);
    if (this.#delay !== null) clearTimeout(this.#delay);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#tick = null;
    this.#delay = null;
    this.#frame = null;
  }

  soon(): void {
    if (this.#delay !== null || this.#frame !== null) return;
    const wait = this.#drawAgainAt - performance.now();
    if (wait <= 0) return this.#nextFrame();
    this.#delay = setTimeout(() => {
      this.#delay = null;
      this.#nextFrame();
    }, wait);
  }

  /** For what a person has just done: they are watching for it. */
  atOnce(): void {
    if (this.#delay !== null) clearTimeout(this.#delay);
    this.#delay = null;
    this.#drawAgainAt = -Infinity;
    this.soon();
  }

  #nextFrame(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      const startedAt = performance.now();
      this.#drawAgainAt = startedAt + LEAST_GAP_MS;
      // A message that is posted in a frame comes after its painting, which is most of the cost.
      this.#painted.port1.onmessage = () => {
        const costMs = performance.now() - startedAt;
        const fairGapMs = (costMs / this.#share) * (1 - JITTER * randomUnit());
        const gapMs = Math.min(MOST_GAP_MS, Math.max(LEAST_GAP_MS, fairGapMs));
        this.#drawAgainAt = startedAt + gapMs;
      };
      this.#draw();
      this.#painted.port2.postMessage(null);
    });
  }
}
