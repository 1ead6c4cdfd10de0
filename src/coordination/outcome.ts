import type { Json } from '../vocabulary.ts';

/** How a request ended. Every one ends, with one of these, as long as its node lives. */
export type Outcome =
  /**
   * It took effect. `value` is there for a read: null where nothing is. `mark` says how new that is,
   * in the words of whoever answered.
   */
  | { readonly ok: true; readonly value?: Json; readonly mark?: Json }
  /** It took no effect, and never will; for a read: it saw nothing. `why` is a sentence for people. */
  | { readonly ok: false; readonly reason: string; readonly why: string }
  /** Somebody may have taken it, and not enough have said so: it may still take effect. */
  | { readonly unknown: true };

export type OnEnd = (outcome: Outcome) => void;

export function refused(reason: string, why: string): Outcome {
  return { ok: false, reason, why };
}

export const UNKNOWN: Outcome = { unknown: true };
