import * as v from 'valibot';
import type { NodeId } from '../vocabulary.ts';
import { nodeIdSchema } from '../wire/signaling-messages.ts';
import { choiceSchema, type Switcher } from './election-choice.ts';
import { whole } from './whole.ts';

/** A class of today; a key's copies live on a few of them. */
export const MAX_REGISTER_NODES = 24;

/** Beyond it a lesson shows nothing new, and every request asks so many. */
export const MAX_COPIES = 9;

/** When a copy that is behind gets what it lacks: never, after a read's answer, or before it. */
export const REPAIRS = ['none', 'later', 'before'] as const;

/** By which rule of the merge lab a register that always answers is read. */
export const REGISTER_RULES = ['lww', 'lww-hybrid', 'siblings'] as const;

const NODES_TEXT = `nodes must be 1 to ${MAX_REGISTER_NODES} different nodes`;

/**
 * What a class has chosen for its registers. Each choice is a run of its own and begins with empty
 * quorum registers: what one choice promises is never claimed for what another one wrote.
 */
export const registerSettingSchema = v.pipe(
  v.strictObject({
    turn: choiceSchema.entries.turn,
    by: choiceSchema.entries.by,
    /** Those that keep copies, and those that stand in for them. */
    nodes: v.pipe(
      v.array(nodeIdSchema, NODES_TEXT),
      v.minLength(1, NODES_TEXT),
      v.maxLength(MAX_REGISTER_NODES, NODES_TEXT),
      v.check((nodes) => new Set(nodes).size === nodes.length, NODES_TEXT),
    ),
    /** How many copies a key has, how many a read hears, and how many take a write. */
    n: whole('n', 1, MAX_COPIES),
    r: whole('r', 1, MAX_COPIES),
    w: whole('w', 1, MAX_COPIES),
    /** Others stand in for copies that cannot be reached. */
    sloppy: v.boolean('sloppy must be true or false'),
    repair: v.picklist(REPAIRS, `repair must be one of ${REPAIRS.join(', ')}`),
    rule: v.picklist(REGISTER_RULES, `rule must be one of ${REGISTER_RULES.join(', ')}`),
  }),
  v.check(({ n, nodes }) => n <= nodes.length, 'n must not be more than there are nodes'),
  v.check(({ n, r, w }) => Math.max(r, w) <= n, 'r and w must not be more than n'),
);
export type RegisterSetting = v.InferOutput<typeof registerSettingSchema>;

/** Three copies bear one crash: what most systems begin with. */
const USUAL_COPIES = 3;

/** What holds where somebody uses registers and nobody has chosen: of a node and those that it reaches. */
export function usualSetting(
  turn: number,
  by: Switcher,
  reached: readonly NodeId[],
): RegisterSetting {
  const nodes = [...new Set([by.id, ...reached])].sort().slice(0, MAX_REGISTER_NODES);
  const n = Math.min(USUAL_COPIES, nodes.length);
  const majority = Math.floor(n / 2) + 1;
  return {
    ...{ turn, by: { ...by }, nodes, n, r: majority, w: majority },
    ...{ sloppy: false, repair: 'later', rule: 'lww-hybrid' },
  };
}
