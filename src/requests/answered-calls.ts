import type { Store } from '../runtime/host.ts';
import type { Json } from '../vocabulary.ts';

/** Twenty seconds at the storm's pace: longer than a call by default has attempts. */
export const MAX_REMEMBERED = 1_024;

/**
 * What a server has executed, and what it answered: a call that comes again gets the same answer, and
 * nothing happens twice. Memory is bounded, the oldest is forgotten first. The price: a call that
 * comes again after that is executed again.
 */
export class AnsweredCalls {
  /** Where there is a store, it holds the same, in the same order. */
  private readonly store: Store | null;
  private readonly answers = new Map<string, Json>();

  /**
   * @param store keeps them over a crash: with it, `keep` in the step that executes a call makes
   *   whatever that step stores happen once, whoever crashes. Each answer then waits for the disk.
   */
  constructor(store: Store | null) {
    this.store = store;
    for (const key of store?.keys() ?? []) this.answers.set(key, store!.get(key)!);
  }

  get size(): number {
    return this.answers.size;
  }

  /** Undefined for a call that was not executed, or was forgotten. */
  get(call: string): Json | undefined {
    return this.answers.get(call);
  }

  keep(call: string, answer: Json): void {
    if (this.answers.size === MAX_REMEMBERED) this.forget(this.answers.keys().next().value!);
    this.answers.set(call, answer);
    this.store?.put(call, answer);
  }

  private forget(call: string): void {
    this.answers.delete(call);
    this.store?.delete(call);
  }
}
