import * as v from 'valibot';
import { MAX_INCARNATION } from '../clocks/tick.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import type { MemberState } from './verdict.ts';

/**
 * What nodes tell each other of nodes: it is in a state, in that life of it and after so many
 * refutations. Claims on one node are ordered, so everyone who has heard the same claims, in
 * whichever order and however often, holds the same.
 */

/** Who suspects it: the first, and as many as can make the wait shorter. */
export const MAX_ACCUSERS = 4;

/** A node that contradicts a suspicion every second gets so far in eleven days. */
export const MAX_REFUTATIONS = 1_000_000;

/** Longer ago says no more. */
export const MAX_HEARD_MS = 86_400_000;

const STATES = ['alive', 'suspect', 'dead', 'left'] as const satisfies readonly MemberState[];

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Zero as long as nobody has heard a word of the node, but seen a link to it open. */
export const lifeSchema = v.pipe(whole, v.maxValue(MAX_INCARNATION));
export const refutationSchema = v.pipe(whole, v.maxValue(MAX_REFUTATIONS));

export const claimSchema = v.object({
  id: nodeIdSchema,
  state: v.picklist(STATES),
  life: lifeSchema,
  refutation: refutationSchema,
  /** Who suspects it, or found it dead. Not to be confused with who passes the claim on. */
  by: v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_ACCUSERS)),
  /** How long ago somebody last heard the node itself, as far as the teller knows. */
  heardMs: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_HEARD_MS)),
});
export type Claim = v.InferOutput<typeof claimSchema>;

/** What decides between two claims on one node. */
export type Standing = Pick<Claim, 'life' | 'refutation' | 'state'>;

/**
 * A later life beats an earlier one, and within a life a higher refutation a lower one: both rise by
 * the word of the node itself alone. Otherwise bad news beats good news, and what the node said of
 * itself, that it leaves, beats all.
 */
export function outranks(a: Standing, b: Standing): boolean {
  if (a.life !== b.life) return a.life > b.life;
  if (a.refutation !== b.refutation) return a.refutation > b.refutation;
  return STATES.indexOf(a.state) > STATES.indexOf(b.state);
}
