import { Decoder, Encoder } from '@msgpack/msgpack';
import { MAX_FRAME_BYTES } from './lane.ts';

/**
 * The body of a frame is one MessagePack value: what JSON can say, and byte strings. Extension types
 * (dates among them) are refused both ways.
 */

/** Values within values. Deep enough for any message; a stack that recurses over one stays flat. */
export const MAX_BODY_DEPTH = 32;

const noExtensions = {
  tryToEncode: () => null,
  decode: () => null,
};
const encoder = new Encoder({ maxDepth: MAX_BODY_DEPTH, extensionCodec: noExtensions });
const decoder = new Decoder({
  maxStrLength: MAX_FRAME_BYTES,
  maxBinLength: MAX_FRAME_BYTES,
  maxArrayLength: MAX_FRAME_BYTES,
  maxMapLength: MAX_FRAME_BYTES,
  maxExtLength: 0,
  extensionCodec: noExtensions,
});

/**
 * Throws for what has no place in a message (functions, bigints, too deep nesting): a bug of the
 * caller's. The bytes are the caller's own.
 */
export function encodeBody(value: unknown): Uint8Array {
  return encoder.encode(value);
}

/** Never throws. Byte strings in the value share memory with `bytes`. */
export function decodeBody(bytes: Uint8Array): { ok: true; value: unknown } | { ok: false } {
  if (!isComplete(bytes)) return { ok: false };
  try {
    return { ok: true, value: decoder.decode(bytes) };
  } catch {
    // What is left to go wrong is a key that is no text, or one that would change a prototype.
    return { ok: false };
  }
}

/** How many values are still to come at each depth. */
const pending = new Float64Array(MAX_BODY_DEPTH + 1);

/**
 * Is this one whole value and nothing after it? Walks the heads and makes nothing. The decoder makes
 * an array as long as its head claims before it reads an element, so without this look ahead a
 * frame of nested claims would take gigabytes; after it, memory is in proportion to the bytes.
 */
function isComplete(bytes: Uint8Array): boolean {
  const end = bytes.length;
  let at = 0;
  let depth = 1;
  pending[1] = 1;
  while (depth > 0) {
    if (pending[depth] === 0) {
      depth--;
      continue;
    }
    pending[depth]!--;
    if (at >= end) return false;
    const head = bytes[at++]!;
    let within = 0;

    if (head < 0x80 || head >= 0xe0) continue;
    else if (head < 0x90) within = 2 * (head & 0x0f);
    else if (head < 0xa0) within = head & 0x0f;
    else if (head < 0xc0) at += head & 0x1f;
    else {
      const width = WIDTHS[head - 0xc0]!;
      const number = width <= 4 ? bigEndian(bytes, at, width) : 0;
      at += width;
      const kind = KINDS[head - 0xc0]!;
      if (kind === 'refused') return false;
      else if (kind === 'bytes') at += number;
      else if (kind === 'array') within = number;
      else if (kind === 'map') within = 2 * number;
    }

    if (at > end || within > end - at) return false;
    if (within > 0) {
      if (depth === MAX_BODY_DEPTH) return false;
      pending[++depth] = within;
    }
  }
  return at === end;
}

function bigEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** The heads from 0xc0 to 0xdf: what each opens, and how wide the number behind it is. */
type Kind = 'scalar' | 'bytes' | 'array' | 'map' | 'refused';
const HEADS: readonly [Kind, number][] = [
  ['scalar', 0], // c0 nil
  ['refused', 0], // c1 never used
  ['scalar', 0], // c2 false
  ['scalar', 0], // c3 true
  ['bytes', 1], // c4 bin 8
  ['bytes', 2], // c5 bin 16
  ['bytes', 4], // c6 bin 32
  ['refused', 0], // c7 ext 8
  ['refused', 0], // c8 ext 16
  ['refused', 0], // c9 ext 32
  ['scalar', 4], // ca float 32
  ['scalar', 8], // cb float 64
  ['scalar', 1], // cc uint 8
  ['scalar', 2], // cd uint 16
  ['scalar', 4], // ce uint 32
  ['scalar', 8], // cf uint 64
  ['scalar', 1], // d0 int 8
  ['scalar', 2], // d1 int 16
  ['scalar', 4], // d2 int 32
  ['scalar', 8], // d3 int 64
  ['refused', 0], // d4 fixext 1
  ['refused', 0], // d5 fixext 2
  ['refused', 0], // d6 fixext 4
  ['refused', 0], // d7 fixext 8
  ['refused', 0], // d8 fixext 16
  ['bytes', 1], // d9 str 8
  ['bytes', 2], // da str 16
  ['bytes', 4], // db str 32
  ['array', 2], // dc array 16
  ['array', 4], // dd array 32
  ['map', 2], // de map 16
  ['map', 4], // df map 32
];
const KINDS = HEADS.map(([kind]) => kind);
const WIDTHS = HEADS.map(([, width]) => width);
