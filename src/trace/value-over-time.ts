import type { Milliseconds } from '../vocabulary.ts';
import { firstIndex } from './by-time.ts';

/** What a lesson of a few hours does to one node or link, many times over. */
export const MAX_CHANGES = 1_000;

export interface Change<T> {
  readonly at: Milliseconds;
  /** Decides between changes of the same moment. */
  readonly order: number;
  readonly value: T;
}

/**
 * A value that changes now and then, and what it was at any time. Changes may come in any order. The
 * newest are kept.
 */
export class ValueOverTime<T> {
  private readonly changes: Change<T>[] = [];

  set(at: Milliseconds, order: number, value: T): void {
    const { changes } = this;
    const place = firstIndex(changes.length, (i) => {
      const there = changes[i]!;
      return there.at > at || (there.at === at && there.order > order);
    });
    if (place === changes.length) changes.push({ at, order, value });
    else changes.splice(place, 0, { at, order, value });
    if (changes.length > MAX_CHANGES) changes.shift();
  }

  /** Undefined before the first change. */
  at(time: Milliseconds): T | undefined {
    return this.changeAt(time)?.value;
  }

  /** What was so then, and since when. */
  changeAt(time: Milliseconds): Change<T> | undefined {
    const { changes } = this;
    return changes[firstIndex(changes.length, (i) => changes[i]!.at > time) - 1];
  }

  get firstAt(): Milliseconds | undefined {
    return this.changes[0]?.at;
  }
}
