import * as v from 'valibot';
import { MAX_INCARNATION } from '../clocks/tick.ts';
import type { Milliseconds } from '../vocabulary.ts';
import { payloadSchema } from '../wire/payload.ts';

/** A question, or an answer to one; what is larger is news or a file, and goes another way. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;

/** Even at the longest backoff they take no more than the longest wait for one of them. */
export const MAX_ATTEMPTS = 10;

/** Nobody in a class waits longer for an answer. */
export const MAX_TIMEOUT_MS: Milliseconds = 60_000;

/** Which call of which life of its caller: the same in every attempt, so that the server knows it again. */
const call = {
  life: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_INCARNATION)),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
};

const attempt = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_ATTEMPTS));

export const requestsSchema = v.variant('type', [
  v.object({
    type: v.literal('call'),
    ...call,
    attempt,
    /** For how long this attempt is waited for; afterwards there is no use in serving it. */
    waitMs: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_TIMEOUT_MS)),
    payload: payloadSchema(MAX_PAYLOAD_BYTES),
  }),
  v.object({ type: v.literal('answer'), ...call, value: payloadSchema(MAX_PAYLOAD_BYTES) }),
  /** This attempt was not served and never will be. */
  v.object({
    type: v.literal('refused'),
    ...call,
    attempt,
    why: v.picklist(['busy', 'nobody-serves']),
  }),
]);
export type RequestsMessage = v.InferOutput<typeof requestsSchema>;
export type CallMessage = Extract<RequestsMessage, { readonly type: 'call' }>;
export type RefusedMessage = Extract<RequestsMessage, { readonly type: 'refused' }>;
