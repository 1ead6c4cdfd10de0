import * as v from 'valibot';
import { MAX_INCARNATION } from '../../clocks/tick.ts';
import { REGISTER_KINDS } from '../../network/register-kinds.ts';
import type { Json } from '../../vocabulary.ts';
import { isJson } from '../../wire/json.ts';
import { encodedBytes } from '../../wire/plain-copy.ts';
import type { Outcome } from '../outcome.ts';
import { keySchema, valueSchema } from './cell.ts';

/** What a node knew of every life of a class that ever wrote, a few hundred of them. */
export const MAX_MARK_BYTES = 16 * 1024;

/** A sentence. */
const MAX_WHY_LENGTH = 400;
const MAX_REASON_LENGTH = 40;

/** Siblings stand beside each other, one of each node that wrote at once: more than a single value. */
const MAX_READ_BYTES = 64 * 1024;

const counting = (most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(most));

/** Which request of which life of its client. */
const request = { life: counting(MAX_INCARNATION), number: counting(Number.MAX_SAFE_INTEGER) };

export function isMark(mark: unknown): mark is Json {
  return isJson(mark) && encodedBytes(mark) <= MAX_MARK_BYTES;
}

const asked = {
  kind: v.picklist(REGISTER_KINDS),
  key: keySchema,
  /** How new it has to be; null: as it is. */
  floor: v.custom<Json>(isMark, 'not a floor'),
};

const askedSchema = v.variant('do', [
  v.object({ do: v.literal('put'), ...asked, value: valueSchema }),
  v.object({ do: v.literal('get'), ...asked }),
]);
export type Asked = v.InferOutput<typeof askedSchema>;

export const registersSchema = v.variant('type', [
  v.object({ type: v.literal('ask'), ...request, asked: askedSchema }),
  v.object({
    type: v.literal('answer'),
    ...request,
    outcome: v.custom<Outcome>(isOutcome, 'not an outcome'),
  }),
]);
export type RegistersMessage = v.InferOutput<typeof registersSchema>;
export type Ask = Extract<RegistersMessage, { readonly type: 'ask' }>;
export type Answer = Extract<RegistersMessage, { readonly type: 'answer' }>;

function isOutcome(input: unknown): boolean {
  if (!isJson(input) || typeof input !== 'object' || input === null) return false;
  const { ok, value, mark, reason, why, unknown, ...rest } = input as { readonly [field: string]: Json }; // prettier-ignore
  if (Object.keys(rest).length > 0) return false;
  if (unknown !== undefined) return unknown === true && ok === undefined;
  if (ok === false) return isText(reason, MAX_REASON_LENGTH) && isText(why, MAX_WHY_LENGTH);
  const isRead = value === undefined || encodedBytes(value) <= MAX_READ_BYTES;
  return ok === true && isRead && (mark === undefined || isMark(mark));
}

function isText(text: unknown, longest: number): boolean {
  return typeof text === 'string' && text !== '' && text.length <= longest;
}
