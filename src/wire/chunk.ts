import { ByteReader, ByteWriter } from './bytes.ts';
import { CHUNK_BYTES, MAX_CARRIED_BYTES } from './lane.ts';

/**
 * The stream lane carries frames in chunks, so that a large frame neither exceeds what a data
 * channel takes nor keeps small ones waiting in another lane. A chunk is
 *
 *     mark    1 byte    CHUNK_MARK
 *     frame   4 bytes   which frame of this sender: rises by one, never used twice on a link
 *     bytes   4 bytes   length of the whole frame
 *     index   2 bytes   which chunk of the frame, from 0
 *     a piece of the frame: CHUNK_PIECE_BYTES, the last one what is left
 */
export const CHUNK_MARK = 0xc5;
export const CHUNK_HEADER_BYTES = 11;
export const CHUNK_PIECE_BYTES = CHUNK_BYTES - CHUNK_HEADER_BYTES;

/** Why a chunk could not be used. The frame that it interrupted is lost with it. */
export type ChunkError =
  /** Too short, without the mark, or of another length than its place in the frame asks for. */
  | 'malformed'
  /** Announces a frame that is larger than any that is carried. */
  | 'too-large'
  /** This chunk, or a frame of this number or a later one, has been here before. */
  | 'duplicate'
  /** Another frame began before the last one was whole. */
  | 'foreign'
  /** A chunk before it is missing. */
  | 'out-of-order';

/** Cuts the frames of one link, in one direction. */
export class Chunker {
  private frame = 0;

  /** @param frame of 1 byte up to the largest that is carried. The chunks share no memory with it. */
  split(frame: Uint8Array): Uint8Array[] {
    if (frame.length === 0 || frame.length > MAX_CARRIED_BYTES.stream) {
      throw new RangeError(
        `a frame has 1 to ${MAX_CARRIED_BYTES.stream} bytes, not ${frame.length}`,
      );
    }
    this.frame += 1;
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < frame.length; at += CHUNK_PIECE_BYTES) {
      const piece = frame.subarray(at, at + CHUNK_PIECE_BYTES);
      const writer = new ByteWriter(CHUNK_HEADER_BYTES + piece.length);
      writer.byte(CHUNK_MARK);
      writer.uint32(this.frame);
      writer.uint32(frame.length);
      writer.uint16(chunks.length);
      writer.raw(piece);
      chunks.push(writer.written());
    }
    return chunks;
  }
}

export type Reassembled =
  /** `frame` is null while chunks are still missing. */
  | { readonly ok: true; readonly frame: Uint8Array | null }
  | { readonly ok: false; readonly error: ChunkError };

/**
 * Puts the frames of one link together again. It holds the pieces that have come of one frame, so
 * the bytes of one at most, and sets aside no memory for what was only announced. After an error it
 * holds nothing and takes the next frame that begins.
 */
export class Reassembler {
  private frame = 0;
  private length = 0;
  private pieces: Uint8Array[] = [];

  /** How many bytes wait for the rest of their frame. */
  get heldBytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** Never throws, whatever the bytes. They may be kept: they belong to the reassembler from now on. */
  accept(chunk: Uint8Array): Reassembled {
    const reader = new ByteReader(chunk);
    const mark = reader.byte();
    const frame = reader.uint32();
    const length = reader.uint32();
    const index = reader.uint16();
    if (reader.failed || mark !== CHUNK_MARK || length === 0) return this.refuse('malformed');
    if (length > MAX_CARRIED_BYTES.stream) return this.refuse('too-large');
    const misplaced = this.misplaced(frame, index);
    if (misplaced !== null) return this.refuse(misplaced);

    const piece = reader.rest();
    const expected = Math.min(CHUNK_PIECE_BYTES, length - index * CHUNK_PIECE_BYTES);
    const changed = index > 0 && length !== this.length;
    if (changed || piece.length !== expected) return this.refuse('malformed');

    this.frame = frame;
    this.length = length;
    this.pieces.push(piece);
    const whole = (index + 1) * CHUNK_PIECE_BYTES >= length;
    return { ok: true, frame: whole ? this.take() : null };
  }

  /** Forgets the frame that was under way: for a link that closed. */
  reset(): void {
    this.pieces = [];
  }

  private misplaced(frame: number, index: number): ChunkError | null {
    const expected = this.pieces.length;
    if (frame < this.frame) return 'duplicate';
    if (frame === this.frame) {
      if (index === expected && expected > 0) return null;
      return index < expected || expected === 0 ? 'duplicate' : 'out-of-order';
    }
    if (expected > 0) return 'foreign';
    return index === 0 ? null : 'out-of-order';
  }

  private take(): Uint8Array {
    const pieces = this.pieces;
    this.pieces = [];
    if (pieces.length === 1) return pieces[0]!.slice();
    const frame = new Uint8Array(this.length);
    pieces.forEach((piece, i) => frame.set(piece, i * CHUNK_PIECE_BYTES));
    return frame;
  }

  private refuse(error: ChunkError): Reassembled {
    this.reset();
    return { ok: false, error };
  }
}
