import type { Store } from '../../src/runtime/host.ts';
import type { Json } from '../../src/vocabulary.ts';

/**
 * The disk of one protocol on a workbench, with the promise that a node makes: what a step stores is
 * durable at once, and what it sends leaves after that, in order. Values are kept as text.
 */
export class StepDisk {
  /** While it hangs nothing becomes durable, and nothing leaves. */
  hangs = false;
  private live = new Map<string, string>();
  private durable = new Map<string, string>();
  private outputs: (() => void)[] = [];
  private isRunning = false;
  private isReleasing = false;

  readonly store: Store = {
    ...this.readerOf(() => this.live),
    put: (key, value) => {
      this.live.set(key, JSON.stringify(value));
    },
    delete: (key) => {
      this.live.delete(key);
    },
    whenDurable: (callback) => {
      this.outputs.push(() => this.step(callback));
      return true;
    },
  };

  /** What a crash at this moment would leave. */
  readonly durableStore: Store = {
    ...this.store,
    ...this.readerOf(() => this.durable),
  };

  step<Result>(act: () => Result): Result {
    if (this.isRunning) return act();
    this.isRunning = true;
    try {
      return act();
    } finally {
      this.isRunning = false;
      if (!this.hangs) this.release();
    }
  }

  leave(output: () => void): void {
    this.outputs.push(output);
  }

  goOn(): void {
    this.hangs = false;
    this.release();
  }

  crash(): void {
    this.outputs = [];
    this.live = new Map(this.durable);
  }

  wipe(): void {
    this.durable = new Map();
    this.crash();
  }

  private release(): void {
    if (this.isReleasing) return;
    this.isReleasing = true;
    while (this.outputs.length > 0) {
      this.durable = new Map(this.live);
      this.outputs.shift()!();
    }
    this.durable = new Map(this.live);
    this.isReleasing = false;
  }

  private readerOf(kept: () => ReadonlyMap<string, string>): Pick<Store, 'get' | 'keys'> {
    return {
      get: (key) => {
        const text = kept().get(key);
        return text === undefined ? undefined : (JSON.parse(text) as Json);
      },
      keys: () => [...kept().keys()],
    };
  }
}
