import { MAX_INCARNATION, type Tick } from '../clocks/tick.ts';
import { MAX_VECTOR_ENTRIES, type VectorEntries } from '../clocks/vector.ts';
import type { DropReason } from '../trace/event.ts';
import {
  NODE_ID_LENGTH,
  ROOM_CODE_LENGTH,
  type Incarnation,
  type NodeId,
  type RoomCode,
} from '../vocabulary.ts';
import { ByteReader, MAX_VARINT_BYTES, varintBytes } from './bytes.ts';
import { crc32 } from './crc32.ts';
import { MAX_FRAME_BYTES } from './lane.ts';
import { readNodeId } from './node-ids.ts';
import { Slab } from './slab.ts';

/**
 * The one thing that protocols send to each other. Written by hand because every message pays for it:
 *
 *     version   1 byte    FRAME_VERSION, first for ever, so that any version can tell another
 *     checksum  4 bytes   CRC-32 of all that follows it
 *     room      6 bytes   ASCII
 *     sender   10 bytes   ASCII
 *     life      varint    the sender's incarnation
 *     protocol  1 byte    length of its name, then the name in ASCII, then 1 byte: its version
 *     message   varint    counts what the sender sent in this life, from 1
 *     lamport   varint
 *     vector    varint    number of entries, then for each: 10 bytes id, varint tick
 *     body      the rest  MessagePack, see body.ts
 */
export const FRAME_VERSION = 1;

/** What a protocol may be called: short, because the name is in every frame. */
export const PROTOCOL_NAME_PATTERN = /^[a-z][a-z0-9-]{0,30}$/;
const MAX_PROTOCOL_NAME_LENGTH = 31;

/** A protocol's version is one byte on the wire. */
export const MAX_PROTOCOL_VERSION = 255;

const CHECKSUM_AT = 1;
const CHECKED_FROM = 5;
const MAX_HEADER_BYTES =
  CHECKED_FROM +
  ROOM_CODE_LENGTH +
  NODE_ID_LENGTH +
  (2 + MAX_PROTOCOL_NAME_LENGTH) +
  3 * MAX_VARINT_BYTES;

export interface FrameHeader {
  readonly sender: NodeId;
  readonly incarnation: Incarnation;
  readonly protocol: string;
  readonly protocolVersion: number;
  readonly message: number;
  readonly lamport: number;
}

export interface Frame extends FrameHeader {
  readonly vector: VectorEntries;
  /** Shares memory with the bytes that it was decoded from. */
  readonly body: Uint8Array;
}

export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: DropReason };

const slab = new Slab();

/**
 * The frame's bytes, which belong to the caller; undefined if they are more than MAX_FRAME_BYTES.
 *
 * @param vector as a `VectorImage` gives it
 */
export function encodeFrame(
  room: RoomCode,
  header: FrameHeader,
  vector: Uint8Array,
  body: Uint8Array,
): Uint8Array | undefined {
  if (body.length > MAX_FRAME_BYTES) return undefined;
  const writer = slab.room(MAX_HEADER_BYTES + vector.length + body.length);
  const start = writer.position;
  writer.byte(FRAME_VERSION);
  writer.uint32(0);
  writer.ascii(room);
  writer.ascii(header.sender);
  writer.varint(header.incarnation);
  writer.byte(header.protocol.length);
  writer.ascii(header.protocol);
  writer.byte(header.protocolVersion);
  writer.varint(header.message);
  writer.varint(header.lamport);
  writer.raw(vector);
  writer.raw(body);

  if (writer.position - start > MAX_FRAME_BYTES) {
    writer.rewind(start);
    return undefined;
  }
  writer.uint32At(start + CHECKSUM_AT, writer.crc32(start + CHECKED_FROM));
  return writer.from(start);
}

/** How long `encodeFrame` would make it. */
export function frameBytes(header: FrameHeader, vector: number, body: number): number {
  const { incarnation, protocol, message, lamport } = header;
  const numbers = varintBytes(incarnation) + varintBytes(message) + varintBytes(lamport);
  const fixed = CHECKED_FROM + ROOM_CODE_LENGTH + NODE_ID_LENGTH + 2;
  return fixed + protocol.length + numbers + vector + body;
}

/** Never throws, whatever the bytes: they come from another tab. */
export function decodeFrame(bytes: Uint8Array, room: RoomCode): Decoded {
  if (bytes.length > MAX_FRAME_BYTES) return dropped('too-large');
  if (bytes.length < CHECKED_FROM) return dropped('malformed');
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FRAME_VERSION) return dropped('version');
  // The version byte needs none: flipped, it is another version, and dropped as that.
  if (reader.uint32() !== crc32(bytes, CHECKED_FROM, bytes.length)) return dropped('checksum');

  const roomAt = reader.skip(ROOM_CODE_LENGTH);
  for (let i = 0; i < ROOM_CODE_LENGTH; i++) {
    if (bytes[roomAt + i] !== room.charCodeAt(i)) return dropped('other-room');
  }
  const sender = readNodeId(bytes, reader.skip(NODE_ID_LENGTH));
  const incarnation = reader.varint();
  const protocol = readName(reader, bytes);
  const protocolVersion = reader.byte();
  const message = reader.varint();
  const lamport = reader.varint();
  const vector = readVector(reader, bytes);
  if (reader.failed || sender === undefined || vector === undefined) return dropped('malformed');
  if (incarnation < 1 || incarnation > MAX_INCARNATION) return dropped('malformed');

  const body = reader.rest();
  const frame = {
    sender,
    incarnation,
    protocol,
    protocolVersion,
    message,
    lamport,
    vector,
    body,
  };
  return { ok: true, frame };
}

/** The name of the frame before, most times: texts are compared faster than made. */
let latestName = '';

function readName(reader: ByteReader, bytes: Uint8Array): string {
  const length = reader.byte();
  const start = reader.position;
  if (length === latestName.length && length <= reader.remaining) {
    let same = 0;
    while (same < length && bytes[start + same] === latestName.charCodeAt(same)) same++;
    if (same === length) {
      reader.skip(length);
      return latestName;
    }
  }
  latestName = reader.ascii(length);
  return latestName;
}

function readVector(reader: ByteReader, bytes: Uint8Array): VectorEntries | undefined {
  const count = reader.varint();
  if (count > MAX_VECTOR_ENTRIES) return undefined;
  const ids: NodeId[] = [];
  const ticks: Tick[] = [];
  for (let i = 0; i < count; i++) {
    const id = readNodeId(bytes, reader.skip(NODE_ID_LENGTH));
    const tick = reader.varint();
    if (id === undefined || reader.failed) return undefined;
    ids.push(id);
    ticks.push(tick);
  }
  return { ids, ticks };
}

function dropped(reason: DropReason): Decoded {
  return { ok: false, reason };
}
