import { decode, encode } from '@msgpack/msgpack';
import * as v from 'valibot';
import { linkMessageSchema, type LinkMessage } from './link-messages.ts';

/** A roster of a full room or a description with many candidates is well below this. */
export const MAX_LINK_MESSAGE_BYTES = 64 * 1024;

export function encodeLinkMessage(message: LinkMessage): Uint8Array {
  return encode(message);
}

/** `undefined` for anything that is not a well-formed message; never throws. */
export function decodeLinkMessage(bytes: Uint8Array): LinkMessage | undefined {
  if (bytes.length > MAX_LINK_MESSAGE_BYTES) return undefined;
  let value: unknown;
  try {
    value = decode(bytes);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(linkMessageSchema, value);
  return parsed.success ? parsed.output : undefined;
}
