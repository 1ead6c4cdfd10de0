import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_VECTOR_ENTRIES, type VectorEntries } from '../../src/clocks/vector.ts';
import { parseRoomCode, type NodeId } from '../../src/vocabulary.ts';
import { crc32 } from '../../src/wire/crc32.ts';
import { decodeFrame, encodeFrame, type FrameHeader } from '../../src/wire/frame.ts';
import { MAX_FRAME_BYTES } from '../../src/wire/lane.ts';
import { VectorImage } from '../../src/wire/vector-image.ts';
import { TEST_ROOM, testNodeId } from '../support/node-ids.ts';

const header: FrameHeader = {
  sender: testNodeId(1),
  incarnation: 3,
  protocol: 'flood',
  protocolVersion: 2,
  message: 17,
  lamport: 300,
};
const vector: VectorEntries = {
  ids: [testNodeId(1), testNodeId(2)],
  ticks: [2_000_000_017, 5],
};
const image = new VectorImage();
const body = Uint8Array.of(0xa2, 0x68, 0x69);

function encoded(change: Partial<FrameHeader> = {}, entries = vector): Uint8Array {
  return encodeFrame(TEST_ROOM, { ...header, ...change }, image.bytesOf(entries), body)!;
}

/** Makes the checksum right again, so that the checks behind it are reached. */
function sealed(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(1, crc32(bytes, 5, bytes.length));
  return bytes;
}

function reasonFor(bytes: Uint8Array): string {
  const decoded = decodeFrame(bytes, TEST_ROOM);
  return decoded.ok ? 'a frame' : decoded.reason;
}

describe('a frame that is right', () => {
  test('WIRE-3 comes back whole', () => {
    const decoded = decodeFrame(encoded(), TEST_ROOM);
    expect(decoded).toEqual({
      ok: true,
      frame: {
        ...header,
        vector,
        body,
      },
    });
  });

  test('WIRE-3 comes back whole with any numbers and any entries', () => {
    const ids = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{10}$/) as fc.Arbitrary<string>;
    const maps = fc.array(fc.tuple(ids, fc.maxSafeNat()), { maxLength: 60 });
    fc.assert(
      fc.property(maps, fc.maxSafeNat(), fc.maxSafeNat(), (pairs, message, lamport) => {
        const entries = {
          ids: pairs.map(([id]) => id as NodeId),
          ticks: pairs.map(([, tick]) => tick),
        };
        const decoded = decodeFrame(encoded({ message, lamport }, entries), TEST_ROOM);
        if (!decoded.ok) throw new Error(decoded.reason);
        expect([decoded.frame.message, decoded.frame.lamport]).toEqual([message, lamport]);
        expect(decoded.frame.vector).toEqual(entries);
      }),
    );
  });

  test('WIRE-3 bytes belong to the caller: encoding another changes nothing in them', () => {
    const first = encoded();
    const copy = first.slice();
    encoded({ message: 999, lamport: 1 });
    expect(first).toEqual(copy);
  });

  test('WIRE-3 one of the largest size is encoded, and a larger one is not', () => {
    const overhead = encoded().length - body.length;
    const largest = new Uint8Array(MAX_FRAME_BYTES - overhead);
    expect(encodeFrame(TEST_ROOM, header, image.bytesOf(vector), largest)).toHaveLength(
      MAX_FRAME_BYTES,
    );
    const tooLarge = new Uint8Array(largest.length + 1);
    expect(encodeFrame(TEST_ROOM, header, image.bytesOf(vector), tooLarge)).toBeUndefined();
    expect(reasonFor(new Uint8Array(MAX_FRAME_BYTES + 1))).toBe('too-large');
  });
});

describe('bytes that are no frame', () => {
  test('WIRE-4 a frame with any one bit flipped is no frame', () => {
    const good = encoded();
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = good.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeFrame(bad, TEST_ROOM).ok, `bit ${bit}`).toBe(false);
    }
  });

  test('WIRE-4 a frame cut off anywhere, or with something after it, is no frame', () => {
    const good = encoded();
    for (let length = 0; length < good.length; length++) {
      expect(decodeFrame(good.slice(0, length), TEST_ROOM).ok, `${length} bytes`).toBe(false);
    }
    expect(reasonFor(Uint8Array.of(...good, 0))).toBe('checksum');
  });

  test('WIRE-4 random bytes are no frame, and nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeFrame(bytes, TEST_ROOM).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('WIRE-4 damage that a forger gave a right checksum never throws', () => {
    const good = encoded();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 5, max: good.length - 1 }), fc.nat(255)), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 5, max: good.length }),
        (changes, length) => {
          const bad = good.slice(0, length);
          for (const [at, value] of changes) if (at < length) bad[at] = value;
          expect(typeof decodeFrame(sealed(bad), TEST_ROOM).ok).toBe('boolean');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('WIRE-5 each kind of damage has its reason', () => {
    const otherVersion = encoded();
    otherVersion[0] = 2;
    const damaged = encoded();
    damaged[40]! ^= 1;
    const otherRoom = parseRoomCode('WXY346')!;
    expect(reasonFor(new Uint8Array(0))).toBe('malformed');
    expect(reasonFor(otherVersion)).toBe('version');
    expect(reasonFor(damaged)).toBe('checksum');
    expect(reasonFor(encodeFrame(otherRoom, header, image.bytesOf(vector), body)!)).toBe(
      'other-room',
    );
    expect(reasonFor(encoded({ sender: 'n0_invalid' as NodeId }))).toBe('malformed');
    expect(reasonFor(encoded({ incarnation: 0 }))).toBe('malformed');
    expect(reasonFor(encoded({ incarnation: 9_000_001 }))).toBe('malformed');
    expect(reasonFor(encoded({}, { ids: ['not a node' as NodeId], ticks: [1] }))).toBe('malformed');
    expect(reasonFor(sealed(encoded().slice(0, 30)))).toBe('malformed');
  });

  test('WIRE-5 more clock entries than the limit are malformed', () => {
    const entries = (count: number) => ({
      ids: Array.from({ length: count }, (_, i) => testNodeId(i)),
      ticks: Array.from({ length: count }, () => 1),
    });
    expect(reasonFor(encoded({}, entries(MAX_VECTOR_ENTRIES + 1)))).toBe('malformed');
    expect(reasonFor(encoded({}, entries(MAX_VECTOR_ENTRIES)))).toBe('a frame');
  });
});
