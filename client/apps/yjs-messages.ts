import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Messages as y-protocols writes them, and so all of Yjs's providers. */
export type YjsMessage =
  /** The sender's state vector: what is lacking there is asked for. */
  | { readonly type: 'step 1'; readonly vector: Uint8Array }
  /** The answer, and an update that was just made. */
  | { readonly type: 'step 2' | 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array };

const SYNC = 0;
const AWARENESS = 1;
const SYNC_TYPES = ['step 1', 'step 2', 'update'] as const;

export function writeMessage(message: YjsMessage): Uint8Array {
  const encoder = encoding.createEncoder();
  if (message.type === 'awareness') encoding.writeVarUint(encoder, AWARENESS);
  else {
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, SYNC_TYPES.indexOf(message.type));
  }
  const bytes = message.type === 'step 1' ? message.vector : message.update;
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** Throws for bytes that are none. */
export function readMessage(bytes: Uint8Array): YjsMessage {
  const decoder = decoding.createDecoder(bytes);
  const kind = decoding.readVarUint(decoder);
  if (kind === AWARENESS) return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
  const type = kind === SYNC ? SYNC_TYPES[decoding.readVarUint(decoder)] : undefined;
  if (type === undefined) throw new Error('A peer sent what is no message of Yjs.');
  const read = decoding.readVarUint8Array(decoder);
  return type === 'step 1' ? { type, vector: read } : { type, update: read };
}
