import type { Json } from '../../vocabulary.ts';

/** Why an operation did not take place, and never will. */
export type RefusalReason =
  'no-match' | 'full' | 'no-leader' | 'busy' | 'bad-key' | 'bad-value' | 'declared-dead';

/** Each in a sentence. */
export const WHY: { readonly [Reason in RefusalReason]: string } = {
  'no-match': 'The key holds another value than the one that was asked for.',
  full: 'The store has no room for it: delete something, or put less.',
  'no-leader': 'Nobody who leads was found in time. Try again when there is a leader.',
  busy: 'Too much is under way. Wait for some of the answers, and try again.',
  'bad-key': 'A key is text of 1 to 128 characters.',
  'declared-dead':
    'Most of the nodes that this one hears hold it for dead. It may write again once they hear it.',
  'bad-value': 'A value is plain JSON of at most 4 KiB.',
};

/** How an operation ended. Every one ends, with one of these. */
export type KvOutcome =
  /** It took effect. `value` is there for a read: null where nothing is. */
  | { readonly ok: true; readonly value?: Json }
  /** It took no effect. */
  | { readonly ok: false; readonly reason: RefusalReason; readonly why: string }
  /** A leader may have taken it, and nobody has said what became of it: it may still take effect. */
  | { readonly unknown: true };

export function refusal(reason: RefusalReason): KvOutcome {
  return { ok: false, reason, why: WHY[reason] };
}

export const UNKNOWN: KvOutcome = { unknown: true };
