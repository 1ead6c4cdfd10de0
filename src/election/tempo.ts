import type { Cancel, Host } from '../runtime/host.ts';
import type { Milliseconds } from '../vocabulary.ts';

interface Waiting {
  /** In the time that passes here. */
  readonly dueAt: Milliseconds;
  readonly callback: () => void;
  cancel: Cancel;
}

/**
 * A clock that runs so many times as slowly as the node's own, and timers by it: whoever has no other
 * knows nothing of it. When the slowness changes, what is left of each wait passes at the new pace.
 */
export class Tempo {
  private readonly host: Pick<Host<never>, 'monotonic' | 'after'>;
  private readonly waiting = new Set<Waiting>();
  private slowness = 1;
  /** The same instant by the node's clock and by this one. */
  private anchor: { readonly node: Milliseconds; readonly here: Milliseconds } | null = null;

  constructor(host: Pick<Host<never>, 'monotonic' | 'after'>) {
    this.host = host;
  }

  now(): Milliseconds {
    const node = this.host.monotonic();
    this.anchor ??= { node, here: node };
    return this.anchor.here + (node - this.anchor.node) / this.slowness;
  }

  after(delayMs: Milliseconds, callback: () => void): Cancel {
    const waiting: Waiting = { dueAt: this.now() + delayMs, callback, cancel: () => {} };
    this.waiting.add(waiting);
    this.arm(waiting);
    return () => {
      waiting.cancel();
      this.waiting.delete(waiting);
    };
  }

  use(slowness: number): void {
    if (slowness === this.slowness) return;
    this.anchor = { here: this.now(), node: this.host.monotonic() };
    this.slowness = slowness;
    for (const waiting of this.waiting) {
      waiting.cancel();
      this.arm(waiting);
    }
  }

  /** An instant of this clock by the node's own, if the pace stays and always was what it is. */
  onNode(at: Milliseconds): Milliseconds {
    return this.host.monotonic() + (at - this.now()) * this.slowness;
  }

  /** A span of the node's own clock, as it passes here. */
  span(nodeMs: Milliseconds): Milliseconds {
    return nodeMs / this.slowness;
  }

  cancelAll(): void {
    for (const { cancel } of this.waiting) cancel();
    this.waiting.clear();
  }

  private arm(waiting: Waiting): void {
    const leftMs = Math.max(0, waiting.dueAt - this.now()) * this.slowness;
    waiting.cancel = this.host.after(leftMs, () => {
      this.waiting.delete(waiting);
      waiting.callback();
    });
  }
}
