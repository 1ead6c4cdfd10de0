import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/wire/bytes.ts';

test('WIRE-1 numbers of every size come back as they were', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(0xffff), fc.nat(0xffffffff), (varint, small, large) => {
      const writer = new ByteWriter(32);
      writer.varint(varint);
      writer.uint16(small);
      writer.uint32(large);
      const reader = new ByteReader(writer.written());
      expect([reader.varint(), reader.uint16(), reader.uint32()]).toEqual([varint, small, large]);
      expect([reader.failed, reader.remaining]).toEqual([false, 0]);
    }),
  );
});

test('WIRE-1 the largest whole number takes eight bytes, and one more is refused', () => {
  const writer = new ByteWriter(16);
  writer.varint(Number.MAX_SAFE_INTEGER);
  expect(writer.written()).toHaveLength(8);
  const above = new ByteReader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10));
  above.varint();
  expect(above.failed).toBe(true);
});

test('WIRE-2 reading past the end gives zero, sets failed and never throws', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 12 }),
      fc.array(fc.constantFrom('byte', 'uint16', 'uint32', 'varint' as const)),
      (bytes, reads) => {
        const reader = new ByteReader(bytes);
        for (const read of reads) {
          const value = reader[read as 'byte']();
          if (reader.failed) expect(reader.position).toBeLessThanOrEqual(bytes.length);
          expect(Number.isSafeInteger(value)).toBe(true);
        }
        expect(reader.ascii(13)).toBe('');
        expect(reader.failed).toBe(true);
      },
    ),
  );
});

test('WIRE-2 a varint that never ends is refused', () => {
  const reader = new ByteReader(new Uint8Array(20).fill(0xff));
  expect(reader.varint()).toBe(0);
  expect(reader.failed).toBe(true);
});
