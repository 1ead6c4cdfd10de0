import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { TimerOrder } from './timer-worker.ts';

export interface Timers {
  /** Since the page opened; never goes back. */
  now(): Milliseconds;
  after(delayMs: Milliseconds, callback: () => void): Cancel;
}

/** Timers that keep their time while the tab is hidden, because a worker counts for them. */
export class WorkerTimers implements Timers {
  #worker: Worker | undefined;
  #callbacks = new Map<number, () => void>();
  #lastId = 0;

  start(): void {
    this.#worker = new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = (event: MessageEvent<number>) => {
      const callback = this.#callbacks.get(event.data);
      this.#callbacks.delete(event.data);
      callback?.();
    };
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#callbacks.clear();
  }

  now(): Milliseconds {
    return performance.now();
  }

  after(delayMs: Milliseconds, callback: () => void): Cancel {
    const id = ++this.#lastId;
    this.#callbacks.set(id, callback);
    this.#order({ id, delayMs });
    return () => {
      if (this.#callbacks.delete(id)) this.#order({ cancel: id });
    };
  }

  #order(order: TimerOrder): void {
    if (!this.#worker) throw new Error('timers are not running');
    this.#worker.postMessage(order);
  }
}
