import * as v from 'valibot';
import type { Json } from '../vocabulary.ts';
import { isJson, jsonSchema } from '../wire/json.ts';
import { encodedBytes } from '../wire/plain-copy.ts';

/** A long text or a small drawing. Every node sends it on, so a class of 12 carries it 11 to 100 times. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

/** What a broadcast may carry, checked on arrival. */
export const payloadSchema = v.pipe(
  jsonSchema,
  v.check((payload) => encodedBytes(payload) <= MAX_PAYLOAD_BYTES, 'payload too large'),
);

/** The caller's payload cannot be broadcast; the message says why. */
export class UnfitPayload extends Error {
  override readonly name = 'UnfitPayload';
}

/** The same for a caller: throws `UnfitPayload`. */
export function assertFit(payload: unknown): asserts payload is Json {
  if (!isJson(payload)) {
    throw new UnfitPayload(
      'Only plain JSON can be broadcast: null, true, false, finite numbers, text, and arrays and objects of these. Take out everything else.',
    );
  }
  const bytes = encodedBytes(payload);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new UnfitPayload(
      `This payload takes ${bytes} bytes and a broadcast carries ${MAX_PAYLOAD_BYTES}. Send less, or in parts.`,
    );
  }
}
