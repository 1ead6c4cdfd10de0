import { decodeBody, encodeBody } from '../../src/wire/body.ts';

/** The words of automerge-repo's network adapters, as it types them. Its package is needed by apps alone. */
export type PeerId = string & { __peerId: true };

export interface PeerMetadata {
  storageId?: string & { __storageId: true };
  isEphemeral?: boolean;
}

export interface Message {
  type: string;
  senderId: PeerId;
  targetId: PeerId;
  data?: Uint8Array;
  documentId?: string & { __documentId: true };
}

/** Of the length that stands first. */
const LENGTH_BYTES = 4;

/** `data` follows all else as it is: it may be longer than any value that a body carries. */
export function writeMessage({ data, ...rest }: Message): Uint8Array {
  const head = encodeBody(defined({ ...rest, hasData: data !== undefined }));
  const bytes = new Uint8Array(LENGTH_BYTES + head.length + (data?.length ?? 0));
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, LENGTH_BYTES);
  if (data) bytes.set(data, LENGTH_BYTES + head.length);
  return bytes;
}

/** Null for bytes that are none. */
export function readMessage(bytes: Uint8Array): Message | null {
  if (bytes.length < LENGTH_BYTES) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const from = LENGTH_BYTES + length;
  if (from > bytes.length) return null;
  const head = decodeBody(bytes.subarray(LENGTH_BYTES, from));
  if (!head.ok || !isHead(head.value)) return null;
  const { hasData, ...rest } = head.value;
  return { ...rest, ...(hasData && { data: bytes.slice(from) }) };
}

/** What a repo says of itself. */
export interface About {
  readonly peerId: PeerId;
  readonly peerMetadata: PeerMetadata;
}

export function writeAbout({ peerId, peerMetadata }: About): Uint8Array {
  return encodeBody({ peerId, peerMetadata: defined({ ...peerMetadata }) });
}

export function readAbout(bytes: Uint8Array): About | null {
  const body = decodeBody(bytes);
  if (!body.ok || !isRecord(body.value)) return null;
  const { peerId, peerMetadata } = body.value;
  if (typeof peerId !== 'string' || !isRecord(peerMetadata)) return null;
  return { peerId: peerId as PeerId, peerMetadata };
}

type Head = Omit<Message, 'data'> & { readonly hasData: boolean };

function isHead(value: unknown): value is Head {
  if (!isRecord(value)) return false;
  const { type, senderId, targetId, hasData } = value;
  return [type, senderId, targetId].every((id) => typeof id === 'string') && hasData !== undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is undefined is left out: on the wire there is no such value. */
function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
