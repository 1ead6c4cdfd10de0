import type { Json } from '../vocabulary.ts';
import * as carried from '../wire/payload.ts';

/** A long text or a small drawing. Every node sends it on, so a class of 12 carries it 11 to 100 times. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

/** What a broadcast may carry, checked on arrival. */
export const payloadSchema = carried.payloadSchema(MAX_PAYLOAD_BYTES);

/** The same for a caller: throws an `UnfitPayload`. */
export function assertFit(payload: unknown): asserts payload is Json {
  carried.assertFit(payload, MAX_PAYLOAD_BYTES, 'a broadcast');
}
