import * as v from 'valibot';
import { MAX_INCARNATION } from '../../clocks/tick.ts';
import { payloadSchema } from '../../wire/payload.ts';
import { nameSchema, tokenSchema } from './lease-record.ts';

/** A page of text, as in the store on the log. */
export const MAX_VALUE_BYTES = 4 * 1024;

/** Which write of which life of its writer: the same in every attempt, so that it is known again. */
const write = {
  name: nameSchema,
  life: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION)),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
};

export const lockSchema = v.variant('type', [
  v.object({
    type: v.literal('write'),
    ...write,
    token: tokenSchema,
    value: payloadSchema(MAX_VALUE_BYTES),
  }),
  /** Whether the resource that checks has taken it; the other always has. */
  v.object({ type: v.literal('written'), ...write, taken: v.boolean(), newest: tokenSchema }),
  /** Neither has, and neither will. */
  v.object({ type: v.literal('refused'), ...write, why: v.picklist(['full']) }),
]);
export type LockMessage = v.InferOutput<typeof lockSchema>;
export type WriteMessage = Extract<LockMessage, { readonly type: 'write' }>;
export type WriteAnswer = Exclude<LockMessage, WriteMessage>;
