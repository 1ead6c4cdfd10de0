import { NODE_ID_LENGTH, type NodeId } from '../vocabulary.ts';
import { ByteReader, ByteWriter } from '../wire/bytes.ts';
import type { Lane } from '../wire/lane.ts';
import { readNodeId } from '../wire/node-ids.ts';

/**
 * What a relayed frame is wrapped in:
 *
 *     mark     1 byte    RELAY_MARK: no frame of a node begins with it (theirs begin with their version)
 *     lane     1 byte    0 stream, 1 datagram: what it is at its origin
 *     target  10 bytes
 *     nodes    1 byte    how many ids follow: 1 to MAX_HOPS
 *     path    10 bytes each: the origin first, then who passed it on, whoever hands it over last
 *     frame    the rest
 */
export const RELAY_MARK = 0xe7;

/** Half way round a ring of the fullest room, and two more. */
export const MAX_HOPS = 32;

const HEAD_BYTES = 3 + NODE_ID_LENGTH;

/** What an envelope adds at most. */
export const MAX_ENVELOPE_BYTES = HEAD_BYTES + MAX_HOPS * NODE_ID_LENGTH;

const LANES: readonly Lane[] = ['stream', 'datagram'];

export interface Envelope {
  readonly lane: Lane;
  readonly target: NodeId;
  /** All different, and none of them the target. */
  readonly path: readonly NodeId[];
  /** Shares memory with the bytes that it was read from. */
  readonly frame: Uint8Array;
}

/** The bytes are new. */
export function writeEnvelope({ lane, target, path, frame }: Envelope): Uint8Array {
  const length = HEAD_BYTES + path.length * NODE_ID_LENGTH + frame.length;
  const writer = new ByteWriter(length);
  writer.byte(RELAY_MARK);
  writer.byte(LANES.indexOf(lane));
  writer.ascii(target);
  writer.byte(path.length);
  for (const id of path) writer.ascii(id);
  writer.raw(frame);
  return writer.written();
}

/** Null for bytes that begin as an envelope does, and are none. */
export function readEnvelope(bytes: Uint8Array): Envelope | null {
  const reader = new ByteReader(bytes);
  reader.byte();
  const lane = LANES[reader.byte()];
  const target = readId(bytes, reader);
  const nodes = reader.byte();
  if (lane === undefined || target === undefined || nodes < 1 || nodes > MAX_HOPS) return null;
  const path: NodeId[] = [];
  for (let i = 0; i < nodes; i++) {
    const id = readId(bytes, reader);
    if (id === undefined || id === target || path.includes(id)) return null;
    path.push(id);
  }
  return { lane, target, path, frame: reader.rest() };
}

function readId(bytes: Uint8Array, reader: ByteReader): NodeId | undefined {
  return readNodeId(bytes, reader.skip(NODE_ID_LENGTH));
}
