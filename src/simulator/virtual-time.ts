import type { Cancel } from '../runtime/host.ts';
import { TimerQueue } from '../runtime/timer-queue.ts';
import type { Milliseconds } from '../vocabulary.ts';

/** Calls at one instant after which time is taken to stand still for ever: two that call each other. */
export const MAX_CALLS_AT_ONE_INSTANT = 10_000_000;

/**
 * Time that passes only when it is told to, and then at once: an hour takes as long as its events.
 * What is due at the same instant is called in the order in which it was asked for.
 */
export class VirtualTime {
  private readonly queue = new TimerQueue();
  private time: Milliseconds = 0;

  readonly now = (): Milliseconds => this.time;

  /** Calls back once at `time`, or at once if that is past. */
  at(time: Milliseconds, callback: () => void): void {
    this.queue.add(Math.max(time, this.time), callback);
  }

  /** The same for a call that may be called off. */
  alarm(time: Milliseconds, callback: () => void): Cancel {
    const timer = this.queue.add(Math.max(time, this.time), callback);
    return () => this.queue.cancel(timer);
  }

  after(delay: Milliseconds, callback: () => void): Cancel {
    return this.alarm(this.time + delay, callback);
  }

  /** Lets time pass up to and including `end`. */
  runUntil(end: Milliseconds): void {
    this.callAllDue(end);
    this.time = Math.max(this.time, end);
  }

  /** Lets time pass for `duration`. */
  runFor(duration: Milliseconds): void {
    this.runUntil(this.time + duration);
  }

  /**
   * Lets time pass until nothing more is due, at most for `limit`. False if there was still
   * something to come: protocols that renew their timers are never quiet.
   */
  runUntilQuiet(limit: Milliseconds): boolean {
    const end = this.time + limit;
    this.callAllDue(end);
    if (this.queue.size === 0) return true;
    this.time = end;
    return false;
  }

  /** Afterwards it is the moment of the last call. */
  private callAllDue(end: Milliseconds): void {
    let calls = 0;
    for (;;) {
      const timer = this.queue.takeDue(end);
      if (timer === undefined) return;
      calls = timer.deadline === this.time ? calls + 1 : 0;
      if (calls > MAX_CALLS_AT_ONE_INSTANT) throw new Error(`time stands still at ${this.time} ms`);
      this.time = timer.deadline;
      timer.callback();
    }
  }
}
