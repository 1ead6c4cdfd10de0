import type { Signal } from '../src/wire/signaling-messages.ts';
import type { Seat } from './seat.ts';

/**
 * Keeps signals of an older connection attempt away from a newer one. An offer begins an attempt of
 * its pair; an answer or a candidate must name the same. A pair without a record lets all pass,
 * because tabs also signal through peers and an attempt may have begun there. A knock only asks for
 * an attempt: it passes and changes nothing, or one that crosses an offer would make the answer stale.
 *
 * The record lies with the lower id, so two seats of n members hold at most n²/2 nonces together.
 */
export function belongsToAttempt<Session>(
  from: Seat<Session>,
  to: Seat<Session>,
  nonce: string,
  type: Signal['type'],
): boolean {
  if (type === 'knock') return true;
  const lower = from.id < to.id ? from : to;
  const higher = lower === from ? to : from;
  if (type === 'offer') {
    lower.attempts.set(higher.id, nonce);
    return true;
  }
  const current = lower.attempts.get(higher.id);
  return current === undefined || current === nonce;
}

/** While a tab is away its signals go through peers, unseen; what was recorded means nothing then. */
export function forgetAttempts<Session>(
  seat: Seat<Session>,
  others: Iterable<Seat<Session>>,
): void {
  seat.attempts.clear();
  for (const other of others) other.attempts.delete(seat.id);
}
