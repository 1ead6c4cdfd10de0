import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { TimerOrder } from './timer-worker.ts';

export interface Timers {
  /** Since the page opened; never goes back. */
  now(): Milliseconds;
  after(delayMs: Milliseconds, callback: () => void): Cancel;
}

interface Pending {
  readonly at: Milliseconds;
  readonly callback: () => void;
  readonly pageTimer: ReturnType<typeof setTimeout>;
}

/**
 * Timers that keep their time while the tab is hidden. A visible page's own timers do; a hidden
 * page's run once a second, so from the first time that it is hidden a worker counts beside them,
 * and whichever comes first fires. (A worker costs a start of its own, which two dozen tabs on one
 * machine would pay just when they join.)
 */
export class TabTimers implements Timers {
  #worker: Worker | undefined;
  #pending = new Map<number, Pending>();
  #lastId = 0;

  start(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#onVisibility();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { pageTimer } of this.#pending.values()) clearTimeout(pageTimer);
    this.#pending.clear();
  }

  now(): Milliseconds {
    return performance.now();
  }

  after(delayMs: Milliseconds, callback: () => void): Cancel {
    const id = ++this.#lastId;
    const pageTimer = setTimeout(() => this.#fire(id), delayMs);
    this.#pending.set(id, { at: this.now() + delayMs, callback, pageTimer });
    this.#order({ id, delayMs });
    return () => {
      const pending = this.#pending.get(id);
      if (!pending) return;
      this.#pending.delete(id);
      clearTimeout(pending.pageTimer);
      this.#order({ cancel: id });
    };
  }

  #fire(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.pageTimer);
    pending.callback();
  }

  #order(order: TimerOrder): void {
    this.#worker?.postMessage(order);
  }

  #onVisibility = (): void => {
    if (!document.hidden || this.#worker) return;
    this.#worker = new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = (event: MessageEvent<number>) => this.#fire(event.data);
    for (const [id, { at }] of this.#pending) {
      this.#order({ id, delayMs: Math.max(0, at - this.now()) });
    }
  };
}
