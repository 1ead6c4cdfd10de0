import * as v from 'valibot';
import { MAX_INCARNATION } from '../../clocks/tick.ts';
import { nodeIdSchema } from '../../wire/signaling-messages.ts';
import { actSchema, getSchema, keySchema, openSchema, REFUSALS, valueSchema } from './commands.ts';

/** What a client asks of whoever leads: an entry for the log, or a value by a read beside the log. */
const askedSchema = v.variant('type', [
  v.object({ type: v.literal('read'), key: keySchema }),
  getSchema,
  openSchema,
  actSchema,
]);
export type Asked = v.InferOutput<typeof askedSchema>;

/** Which attempt of which life of its client. */
const attempt = {
  life: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION)),
  attempt: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
};

export const kvSchema = v.variant('type', [
  v.object({ type: v.literal('ask'), ...attempt, asked: askedSchema }),
  v.object({ type: v.literal('answer'), ...attempt, value: valueSchema }),
  /** The store has said so. */
  v.object({ type: v.literal('refused'), ...attempt, reason: v.picklist(REFUSALS) }),
  /** The log has not got it from this attempt, and never will. */
  v.object({
    type: v.literal('not-taken'),
    ...attempt,
    why: v.picklist(['not-leader', 'busy']),
    /** Who leads, as far as the other knows. */
    leader: v.nullable(nodeIdSchema),
  }),
  /** Who took it leads no longer: it may be in the log, or never will be. */
  v.object({ type: v.literal('lost'), ...attempt, leader: v.nullable(nodeIdSchema) }),
]);
export type KvMessage = v.InferOutput<typeof kvSchema>;
export type Ask = Extract<KvMessage, { readonly type: 'ask' }>;
export type Answer = Exclude<KvMessage, Ask>;
