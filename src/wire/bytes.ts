import { crc32 } from './crc32.ts';

/** Seven bits a byte, so a whole number that JavaScript counts exactly (2^53) takes eight. */
export const MAX_VARINT_BYTES = 8;

const FLOAT64_BYTES = 8;
const scratchBytes = new Uint8Array(FLOAT64_BYTES);
const scratch = new DataView(scratchBytes.buffer);

/** How many bytes `varint` writes. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  let bytes = 3;
  for (let rest = value / 0x20_0000; rest >= 1; rest /= 0x80) bytes++;
  return bytes;
}

/** Fills a buffer that grows as needed and is used again and again. */
export class ByteWriter {
  private bytes: Uint8Array;
  private length = 0;

  get position(): number {
    return this.length;
  }

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Forgets what was written and makes room for `count` bytes: what follows must not exceed it. */
  begin(count: number): void {
    if (this.bytes.length < count)
      this.bytes = new Uint8Array(Math.max(count, this.bytes.length * 2));
    this.length = 0;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  uint16(value: number): void {
    this.byte((value >>> 8) & 0xff);
    this.byte(value & 0xff);
  }

  /** Big-endian, as all numbers of fixed size on the wire. */
  uint32(value: number): void {
    this.uint32At(this.length, value);
    this.length += 4;
  }

  uint32At(at: number, value: number): void {
    this.bytes[at] = value >>> 24;
    this.bytes[at + 1] = value >>> 16;
    this.bytes[at + 2] = value >>> 8;
    this.bytes[at + 3] = value;
  }

  /** A whole number from 0 to 2^53 - 1, the lowest seven bits first. */
  varint(value: number): void {
    this.length = this.varintAt(this.length, value);
  }

  /** Over what stands at `start`; says where it ends. */
  varintAt(start: number, value: number): number {
    const { bytes } = this;
    let at = start;
    let rest = value;
    for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
    // From here on it fits into the whole numbers of the processor, which are much faster.
    for (; rest >= 0x80; rest >>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
    return at;
  }

  /** Any number, to the last bit. */
  float64(value: number): void {
    scratch.setFloat64(0, value);
    for (let i = 0; i < FLOAT64_BYTES; i++) this.byte(scratchBytes[i]!);
  }

  /** Text of which the caller knows that it is ASCII. */
  ascii(text: string): void {
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) bytes[length + i] = text.charCodeAt(i);
    this.length = length + text.length;
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written so far, in place: gone with the next `begin`. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** How many bytes there is room for. */
  get left(): number {
    return this.bytes.length - this.length;
  }

  /** Forgets what was written from `position` on. */
  rewind(position: number): void {
    this.length = position;
  }

  /** What was written from `start` on, in place. */
  from(start: number): Uint8Array {
    return this.bytes.subarray(start, this.length);
  }

  /** The checksum of what was written from `start` on. */
  crc32(start: number): number {
    return crc32(this.bytes, start, this.length);
  }
}

/**
 * Reads bytes that nobody vouches for. It never throws: a read past the end, or of a number that is
 * too large, gives zero and sets `failed` for good, so the caller asks once when it has read all.
 */
export class ByteReader {
  position = 0;
  failed = false;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  byte(): number {
    return this.has(1) ? this.bytes[this.position++]! : 0;
  }

  uint16(): number {
    return (this.byte() << 8) | this.byte();
  }

  uint32(): number {
    if (!this.has(4)) return 0;
    const { bytes, position: at } = this;
    this.position += 4;
    return (
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
    );
  }

  varint(): number {
    const { bytes } = this;
    const end = Math.min(bytes.length, this.position + MAX_VARINT_BYTES);
    let at = this.position;
    let value = 0;
    // As long as it fits into the whole numbers of the processor: most numbers end here.
    for (let shift = 0; at < end && shift < 28; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = at;
        return this.failed ? 0 : value;
      }
    }
    let scale = 2 ** 28;
    for (; at < end; at++, scale *= 0x80) {
      const byte = bytes[at]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.position = at + 1;
        return value <= Number.MAX_SAFE_INTEGER && !this.failed ? value : this.fail();
      }
    }
    return this.fail();
  }

  float64(): number {
    for (let i = 0; i < FLOAT64_BYTES; i++) scratchBytes[i] = this.byte();
    return scratch.getFloat64(0);
  }

  ascii(length: number): string {
    if (!this.has(length)) return '';
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.bytes[this.position++]!);
    return text;
  }

  /** Everything that is left, in place. */
  rest(): Uint8Array {
    const rest = this.bytes.subarray(this.position);
    this.position = this.bytes.length;
    return rest;
  }

  /** Moves over `count` bytes and says where they began, or sets `failed` if there are fewer. */
  skip(count: number): number {
    const at = this.position;
    if (this.has(count)) this.position += count;
    return at;
  }

  private has(count: number): boolean {
    if (this.remaining < count) this.fail();
    return !this.failed;
  }

  private fail(): 0 {
    this.failed = true;
    return 0;
  }
}
