/**
 * CRC-32 (IEEE 802.3), eight bytes a step. It finds every burst of up to 32 flipped bits and misses
 * one in four billion larger accidents. It is no defence against a forger.
 */
const STEPS = 8;
/** Signed, because bits of a signed number are worked on without turning it into another kind. */
const tables = Array.from({ length: STEPS }, () => new Int32Array(256));
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  t0[byte] = crc;
}
for (let step = 1; step < STEPS; step++) {
  const previous = tables[step - 1]!;
  for (let byte = 0; byte < 256; byte++) {
    tables[step]![byte] = (previous[byte]! >>> 8) ^ t0[previous[byte]! & 0xff]!;
  }
}

/** The checksum of `bytes` from `start` up to `end`, as an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (; at + STEPS <= end; at += STEPS) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      t7[crc & 0xff]! ^
      t6[(crc >>> 8) & 0xff]! ^
      t5[(crc >>> 16) & 0xff]! ^
      t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
