import type { Cancel } from '../../src/runtime/host.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { Timers } from '../platform/timers.ts';

/** Observers hear of changes this soon, in one report for all that changed meanwhile. */
const REPORT_DELAY_MS: Milliseconds = 200;

/** Round trips change all the time; observers hear of them this often. */
const REPORT_EVERY_MS: Milliseconds = 2_000;

/** Says when it is time for a report: soon after a change, and now and then without one. */
export class Reporter {
  #timers: Timers;
  #report: () => void;
  #soon: Cancel | null = null;
  #later: Cancel | null = null;

  constructor(timers: Timers, report: () => void) {
    this.#timers = timers;
    this.#report = report;
  }

  start(): void {
    this.#later = this.#timers.after(REPORT_EVERY_MS, () => {
      this.#report();
      this.start();
    });
  }

  stop(): void {
    this.#soon?.();
    this.#later?.();
  }

  changed(): void {
    this.#soon ??= this.#timers.after(REPORT_DELAY_MS, () => {
      this.#soon = null;
      this.#report();
    });
  }
}
