import type { Cancel } from '../runtime/host.ts';
import { TimerQueue, type Timer } from '../runtime/timer-queue.ts';
import type { Milliseconds } from '../vocabulary.ts';

/** True time, and calls at a later time. Calls never come from within `after`. */
export interface Timing {
  now(): Milliseconds;
  after(delayMs: Milliseconds, callback: () => void): Cancel;
}

/**
 * What is due when, in order to the last: equal times in the order they were asked for, however
 * coarse the timers beneath are. It holds one of these at a time.
 */
export class Due {
  private readonly timing: Timing;
  private readonly queue = new TimerQueue();
  private alarm: { readonly at: Milliseconds; readonly cancel: Cancel } | null = null;
  private running = false;

  constructor(timing: Timing) {
    this.timing = timing;
  }

  at(time: Milliseconds, callback: () => void): Timer {
    const timer = this.queue.add(time, callback);
    this.arm();
    return timer;
  }

  after(delayMs: Milliseconds, callback: () => void): Timer {
    return this.at(this.timing.now() + delayMs, callback);
  }

  cancel(timer: Timer): void {
    this.queue.cancel(timer);
  }

  /** Calls what is due, without waiting for the timer. */
  run(): void {
    this.running = true;
    this.queue.runDue(this.timing.now());
    this.running = false;
    this.arm();
  }

  clear(): void {
    this.queue.clear();
    this.arm();
  }

  private arm(): void {
    if (this.running) return;
    const next = this.queue.nextDeadline;
    if (next === (this.alarm?.at ?? null)) return;
    this.alarm?.cancel();
    this.alarm = null;
    if (next === null) return;
    const cancel = this.timing.after(Math.max(0, next - this.timing.now()), () => {
      this.alarm = null;
      this.run();
    });
    this.alarm = { at: next, cancel };
  }
}
