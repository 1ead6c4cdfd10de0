import type { Json } from '../../vocabulary.ts';
import { refused, type Outcome } from '../outcome.ts';
import type { LeaseRecord } from './lease-record.ts';

/** How the acquisition of a lock ended. */
export type AcquireOutcome =
  { readonly ok: true; readonly token: number } | Exclude<Outcome, { readonly ok: true }>;

/** What both resources said to one write: the one that checks tokens, and the one that does not. */
interface Answered {
  readonly token: number;
  /** The highest token that the checking resource has seen. */
  readonly newest: number;
  readonly unchecked: { readonly ok: true };
}

/** How a write to what a lock guards ended. `ok` is the answer of the resource that checks. */
export type WriteOutcome =
  | ({ readonly ok: true } & Answered)
  | ({ readonly ok: false; readonly reason: 'stale-token'; readonly why: string } & Answered)
  | Exclude<Outcome, { readonly ok: true }>;

export type RefusalReason =
  | 'bad-name'
  | 'bad-lease'
  | 'bad-token'
  | 'bad-value'
  | 'bad-record'
  | 'busy'
  | 'declared-dead'
  | 'full'
  | 'never-held'
  | 'not-held'
  | 'too-slow'
  | 'unreachable'
  | 'yours';

const WHY: { readonly [Reason in RefusalReason]: string } = {
  'bad-name': 'The name of a lock is text of 1 to 64 characters.',
  'bad-lease': 'A lease lasts for 500 to 60,000 ms, and a lock is waited for at most 60,000 ms.',
  'bad-token': 'A token is a whole number of at least 1.',
  'bad-value': 'A value is plain JSON of at most 4 KiB.',
  'bad-record': 'The store holds something under this lock that is no lock. Choose another name.',
  busy: 'Too much is under way. Wait for some of the answers, and try again.',
  'declared-dead':
    'Most of the nodes that this one hears hold it for dead. It may write again once they hear it.',
  full: 'The node that keeps the resource has no room for another. Use one of the locks there are.',
  'never-held': 'Nobody has ever held this lock, so nothing stands behind it. Acquire it first.',
  'not-held': 'This node does not hold the lock with this token.',
  'too-slow': 'The log answered after the lease was over. Ask for a longer lease.',
  unreachable: 'The node that keeps the resource cannot be reached. Try again when it can.',
  yours: 'This node holds the lock, or is about to. Use the token that it has.',
};

export function refusal(reason: RefusalReason) {
  return refused(reason, WHY[reason]) as Extract<Outcome, { readonly ok: false }>;
}

export function heldBy({ holder, token }: LeaseRecord): AcquireOutcome {
  return { ok: false, reason: 'held', why: `${holder!} holds the lock with token ${token}.` };
}

export function writeEnded(token: number, newest: number, taken: boolean): WriteOutcome {
  const answered = { token, newest, unchecked: { ok: true } } as const;
  if (taken) return { ok: true, ...answered };
  const why = `Token ${token} is stale: the resource has seen token ${newest}.`;
  return { ok: false, reason: 'stale-token', why, ...answered };
}

/** Of a value as it stands in a note: as much as a page shows. */
export function inShort(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_NOTED ? text : `${text.slice(0, MAX_NOTED - 1)}…`;
}

/** A line of a table. */
const MAX_NOTED = 60;
