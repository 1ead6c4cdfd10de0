import { naturalLog } from '../network/elementary.ts';
import type { Milliseconds } from '../vocabulary.ts';

/**
 * A tab that was suspended for 3 s is suspected after one of them. So long at least it has from then on
 * to run again and to contradict, and its word to come round.
 */
export const MIN_SUSPICION_MS: Milliseconds = 4_000;

/** Where only one node suspects, it may be that node's own link that is bad: others get time to say so. */
export const MAX_SUSPICION_MS: Milliseconds = 8_000;

/** So many further accusers make the wait as short as it gets. */
export const CONFIRMATIONS = 3;

/**
 * How long a suspect has to contradict, as Lifeguard has it: the first confirmations make the wait
 * shorter by more than the later ones.
 *
 * @param confirmations how many suspect it beside the first
 * @param possible how many others there are who could
 */
export function suspicionMs(confirmations: number, possible: number): Milliseconds {
  const wanted = Math.min(CONFIRMATIONS, possible);
  if (wanted <= 0) return MIN_SUSPICION_MS;
  const share = naturalLog(Math.min(confirmations, wanted) + 1) / naturalLog(wanted + 1);
  return MAX_SUSPICION_MS - share * (MAX_SUSPICION_MS - MIN_SUSPICION_MS);
}
