import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CHUNK_HEADER_BYTES,
  CHUNK_PIECE_BYTES,
  Chunker,
  Reassembler,
} from '../../src/wire/chunk.ts';
import { CHUNK_BYTES, MAX_CARRIED_BYTES } from '../../src/wire/lane.ts';

function frameOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
}

function errorOf(reassembler: Reassembler, chunk: Uint8Array): string {
  const result = reassembler.accept(chunk);
  return result.ok ? 'none' : result.error;
}

const P = CHUNK_PIECE_BYTES;

describe('chunks', () => {
  test.each([1, 2, P - 1, P, P + 1, 2 * P, 3 * P + 5, MAX_CARRIED_BYTES.stream])(
    'CHUNK-1 a frame of %i bytes comes back whole, in chunks of the named size at most',
    (length) => {
      const reassembler = new Reassembler();
      const chunks = new Chunker().split(frameOf(length));
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(CHUNK_BYTES);
      const results = chunks.map((chunk) => reassembler.accept(chunk));
      expect(results.slice(0, -1).every((result) => result.ok && result.frame === null)).toBe(true);
      const last = results.at(-1)!;
      // Compared as buffers: a matcher takes seconds over a megabyte.
      expect(last.ok && last.frame && Buffer.compare(last.frame, frameOf(length))).toBe(0);
      expect(reassembler.heldBytes).toBe(0);
    },
  );

  test('CHUNK-1 frames one after another come back in order', () => {
    const chunker = new Chunker();
    const reassembler = new Reassembler();
    const lengths = [5, 40_000, 1, 16_384];
    const back = lengths
      .flatMap((length) => chunker.split(frameOf(length)))
      .flatMap((chunk) => {
        const result = reassembler.accept(chunk);
        return result.ok && result.frame ? [result.frame.length] : [];
      });
    expect(back).toEqual(lengths);
  });

  test('CHUNK-2 chunks share no memory with the frame', () => {
    const frame = frameOf(10);
    const [chunk] = new Chunker().split(frame);
    frame.fill(0);
    expect(new Reassembler().accept(chunk!)).toEqual({ ok: true, frame: frameOf(10) });
  });

  test('a frame that is empty or too large is a bug of the caller', () => {
    expect(() => new Chunker().split(new Uint8Array(0))).toThrow(RangeError);
    expect(() => new Chunker().split(new Uint8Array(MAX_CARRIED_BYTES.stream + 1))).toThrow(
      RangeError,
    );
  });
});

describe('chunks that cannot be used', () => {
  const two = () => new Chunker().split(frameOf(P + 10)) as [Uint8Array, Uint8Array];

  test('CHUNK-3 a chunk that comes twice is a duplicate', () => {
    const [first] = two();
    const reassembler = new Reassembler();
    reassembler.accept(first);
    expect(errorOf(reassembler, first)).toBe('duplicate');
  });

  test('CHUNK-3 a frame that comes twice is a duplicate', () => {
    const [chunk] = new Chunker().split(frameOf(5));
    const reassembler = new Reassembler();
    reassembler.accept(chunk!);
    expect(errorOf(reassembler, chunk!)).toBe('duplicate');
  });

  test('CHUNK-3 a chunk before its turn is out of order', () => {
    const [first, , third] = new Chunker().split(frameOf(3 * P));
    const reassembler = new Reassembler();
    expect(errorOf(reassembler, third!)).toBe('out-of-order');
    reassembler.accept(first!);
    expect(errorOf(reassembler, third!)).toBe('out-of-order');
  });

  test('CHUNK-3 a frame that begins within another is foreign', () => {
    const chunker = new Chunker();
    const reassembler = new Reassembler();
    reassembler.accept(chunker.split(frameOf(2 * P))[0]!);
    expect(errorOf(reassembler, chunker.split(frameOf(5))[0]!)).toBe('foreign');
  });

  test('CHUNK-3 after an error nothing is held, and the next frame comes through', () => {
    const chunker = new Chunker();
    const reassembler = new Reassembler();
    const [first] = chunker.split(frameOf(2 * P));
    reassembler.accept(first!);
    reassembler.accept(first!);
    expect(reassembler.heldBytes).toBe(0);
    expect(reassembler.accept(chunker.split(frameOf(5))[0]!)).toEqual({
      ok: true,
      frame: frameOf(5),
    });
  });

  test('CHUNK-4 a frame that claims too much is refused at its first chunk', () => {
    const [chunk] = new Chunker().split(frameOf(P + 1));
    new DataView(chunk!.buffer).setUint32(5, MAX_CARRIED_BYTES.stream + 1);
    expect(errorOf(new Reassembler(), chunk!)).toBe('too-large');
  });

  test('CHUNK-4 what is held stays below the largest frame, whatever comes', () => {
    const reassembler = new Reassembler();
    const chunk = new Chunker().split(frameOf(MAX_CARRIED_BYTES.stream))[0]!;
    const view = new DataView(chunk.buffer);
    let held = 0;
    for (let index = 0; index < 200; index++) {
      view.setUint16(9, index);
      reassembler.accept(chunk);
      held = Math.max(held, reassembler.heldBytes);
    }
    expect(held).toBeLessThanOrEqual(MAX_CARRIED_BYTES.stream);
    expect(held).toBeGreaterThan(MAX_CARRIED_BYTES.stream / 2);
  });

  test('CHUNK-5 a piece of another length, or a frame whose length changes, is malformed', () => {
    const [first, second] = two();
    const reassembler = new Reassembler();
    expect(errorOf(reassembler, first.slice(0, -1))).toBe('malformed');
    reassembler.accept(first);
    new DataView(second.buffer).setUint32(5, P + 11);
    expect(errorOf(reassembler, Uint8Array.of(...second, 0))).toBe('malformed');
    expect(errorOf(new Reassembler(), first.slice(0, CHUNK_HEADER_BYTES - 1))).toBe('malformed');
  });

  test('CHUNK-5 random chunks never throw and never hold more than was received', () => {
    const some = fc.uint8Array({ maxLength: 64 }).map((bytes) => {
      if (bytes.length > 9) bytes.set([0xc5, 0, 0, 0, bytes[4]! & 3, 0, 0, 0, bytes[8]! & 63]);
      return bytes;
    });
    fc.assert(
      fc.property(fc.array(some), (chunks) => {
        const reassembler = new Reassembler();
        let received = 0;
        for (const chunk of chunks) {
          reassembler.accept(chunk);
          received += chunk.length;
          expect(reassembler.heldBytes).toBeLessThanOrEqual(received);
        }
      }),
    );
  });

  test('a link that closed forgets the frame under way', () => {
    const [first] = two();
    const reassembler = new Reassembler();
    reassembler.accept(first);
    reassembler.reset();
    expect(reassembler.heldBytes).toBe(0);
  });
});
