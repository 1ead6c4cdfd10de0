import type { VectorSnapshot } from '../clocks/vector.ts';
import type { Incarnation, NodeId, RoomCode } from '../vocabulary.ts';
import { encodeBody } from './body.ts';
import { encodeFrame, frameBytes, type FrameHeader } from './frame.ts';
import type { PlainBody } from './plain-body.ts';
import { VectorImage } from './vector-image.ts';

/**
 * A frame that stays within one program. It says what its bytes would say and how many they would
 * be, but they are written only if somebody asks: to damage them, or to send them elsewhere.
 */
export class Parcel implements FrameHeader {
  readonly room: RoomCode;
  readonly sender: NodeId;
  readonly incarnation: Incarnation;
  readonly protocol: string;
  readonly protocolVersion: number;
  readonly message: number;
  readonly lamport: number;
  readonly vector: VectorSnapshot;
  readonly body: PlainBody;
  /** In bytes. */
  readonly length: number;

  /** @param vectorBytes how many bytes the vector takes */
  constructor(
    room: RoomCode,
    header: FrameHeader,
    vector: VectorSnapshot,
    vectorBytes: number,
    body: PlainBody,
  ) {
    this.room = room;
    this.sender = header.sender;
    this.incarnation = header.incarnation;
    this.protocol = header.protocol;
    this.protocolVersion = header.protocolVersion;
    this.message = header.message;
    this.lamport = header.lamport;
    this.vector = vector;
    this.body = body;
    this.length = frameBytes(header, vectorBytes, body.bytes);
  }

  encode(): Uint8Array {
    const { ids, ticks, ownAt, own } = this.vector;
    const image = new VectorImage().bytesOf({ ids, ticks: ticks.with(ownAt, own) });
    return encodeFrame(this.room, this, image, encodeBody(this.body.copy()))!;
  }
}
