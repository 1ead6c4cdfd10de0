import * as v from 'valibot';
import type { Json } from '../vocabulary.ts';
import { isJson, jsonSchema } from './json.ts';
import { encodedBytes } from './plain-copy.ts';

/** What a user gives to a protocol to carry: plain JSON of a bounded size, as it arrives. */
export function payloadSchema(maxBytes: number) {
  return v.pipe(
    jsonSchema,
    v.check((payload) => encodedBytes(payload) <= maxBytes, 'payload too large'),
  );
}

/** The caller's payload cannot be carried; the message says why. */
export class UnfitPayload extends Error {
  override readonly name = 'UnfitPayload';
}

/**
 * The same check before anything is sent. Throws an `UnfitPayload`.
 *
 * @param what is to carry it, for the sentence: 'a broadcast'
 */
export function assertFit(
  payload: unknown,
  maxBytes: number,
  what: string,
): asserts payload is Json {
  if (!isJson(payload)) {
    throw new UnfitPayload(
      `Only plain JSON fits into ${what}: null, true, false, finite numbers, text, and arrays and objects of these. Take out everything else.`,
    );
  }
  const bytes = encodedBytes(payload);
  if (bytes > maxBytes) {
    throw new UnfitPayload(
      `This payload takes ${bytes} bytes and ${what} carries ${maxBytes}. Send less, or in parts.`,
    );
  }
}
