import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../../src/wire/crc32.ts';

test('CRC-32 gives the value that the standard gives for its test text', () => {
  const text = new TextEncoder().encode('123456789');
  expect(crc32(text, 0, text.length)).toBe(0xcbf43926);
});

test('CRC-32 of any part of any bytes is what a plain bit-by-bit division gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, skip) => {
      const start = Math.min(skip, bytes.length);
      expect(crc32(bytes, start, bytes.length)).toBe(bitByBit(bytes.subarray(start)));
    }),
  );
});

function bitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
