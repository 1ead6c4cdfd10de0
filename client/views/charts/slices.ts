import type { Milliseconds } from '../../../src/vocabulary.ts';

/** Two minutes are what a class still remembers, and as wide as a chart can show second by second. */
export const WINDOW_MS: Milliseconds = 120_000;

/**
 * Something for each slice of time, of the newest two minutes that anything was said of. What is
 * older is forgotten, so memory is bounded whatever comes.
 */
export class Slices<T> {
  readonly sliceMs: Milliseconds;
  private readonly slices = new Map<number, T>();
  private readonly make: () => T;
  private newest = -Infinity;

  constructor(sliceMs: Milliseconds, make: () => T) {
    this.sliceMs = sliceMs;
    this.make = make;
  }

  /** Undefined for a time that is too old. Times may come in any order. */
  at(time: Milliseconds): T | undefined {
    const slice = Math.floor(time / this.sliceMs);
    const kept = Math.ceil(WINDOW_MS / this.sliceMs);
    if (slice <= this.newest - kept) return undefined;
    if (slice > this.newest) {
      this.newest = slice;
      for (const old of this.slices.keys()) if (old <= slice - kept) this.slices.delete(old);
    }
    let found = this.slices.get(slice);
    if (found === undefined) this.slices.set(slice, (found = this.make()));
    return found;
  }

  /** Of the window that ends at `now`, from the oldest that has anything: each slice's start. */
  upTo(now: Milliseconds): { readonly at: Milliseconds; readonly slice: T | undefined }[] {
    const last = Math.floor(now / this.sliceMs);
    const first = Math.max(
      last - Math.ceil(WINDOW_MS / this.sliceMs) + 1,
      Math.min(...this.slices.keys()),
    );
    const slices = [];
    for (let n = first; n <= last; n++) {
      slices.push({ at: n * this.sliceMs, slice: this.slices.get(n) });
    }
    return slices;
  }
}
