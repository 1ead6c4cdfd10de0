import * as v from 'valibot';
import { MAX_INCARNATION } from '../clocks/tick.ts';
import type { Incarnation, NodeId } from '../vocabulary.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';

/** Ways to come by a leader; each is a file or a folder in `election/`. */
export const ALGORITHMS = ['naive', 'bully', 'raft'] as const;
export type AlgorithmName = (typeof ALGORITHMS)[number];

/** Nobody switches oftener in a lesson; what is above it was made up. */
export const MAX_TURN = 1_000_000;

/** Who switched: for Raft the one that founds the group. A life, so that one that forgot all founds another. */
export interface Switcher {
  readonly id: NodeId;
  readonly life: Incarnation;
}

/** By which algorithm a mesh elects. Every switch is another choice, also one to the same algorithm. */
export interface Choice {
  readonly algorithm: AlgorithmName;
  readonly turn: number;
  readonly by: Switcher;
}

export const choiceSchema = v.strictObject({
  algorithm: v.picklist(ALGORITHMS, `algorithm must be one of ${ALGORITHMS.join(', ')}`),
  turn: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_TURN)),
  by: v.strictObject({
    id: nodeIdSchema,
    life: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION)),
  }),
});
