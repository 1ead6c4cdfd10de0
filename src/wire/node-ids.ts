import { NODE_ID_LENGTH, parseNodeId, type NodeId } from '../vocabulary.ts';

/**
 * A frame names the same few nodes again and again: every entry of its vector clock is one. Making
 * ten letters into a new string each time would cost more than all other decoding, so strings that
 * were made once are kept, as a processor keeps cache lines: an id has one slot, and the next id
 * that falls into it takes it over. Memory is bounded and a miss only costs time.
 */
const SLOTS = 1024;

const HALF = NODE_ID_LENGTH / 2;
const NOT_A_LETTER = -1;

/** From a byte to the letter's number: 32 letters, so five bits. */
const letters = new Int8Array(256).fill(NOT_A_LETTER);
let letterCount = 0;
for (let code = 0; code < 128; code++) {
  const letter = String.fromCharCode(code);
  if (parseNodeId(letter.repeat(NODE_ID_LENGTH)) !== undefined) letters[code] = letterCount++;
}

const kept: (NodeId | undefined)[] = new Array<NodeId | undefined>(SLOTS).fill(undefined);
const keptHigh = new Int32Array(SLOTS);
const keptLow = new Int32Array(SLOTS);

/** The id that stands at `at`, or undefined if what stands there is none. */
export function readNodeId(bytes: Uint8Array, at: number): NodeId | undefined {
  const high = packHalf(bytes, at);
  const low = packHalf(bytes, at + HALF);
  if (high < 0 || low < 0) return undefined;

  const slot = (high ^ (high >>> 11) ^ low ^ (low >>> 13)) & (SLOTS - 1);
  const known = kept[slot];
  if (known !== undefined && keptHigh[slot] === high && keptLow[slot] === low) return known;

  const id = parseNodeId(String.fromCharCode(...bytes.subarray(at, at + NODE_ID_LENGTH)))!;
  kept[slot] = id;
  keptHigh[slot] = high;
  keptLow[slot] = low;
  return id;
}

/** Five letters as 25 bits; negative if one of them is not a letter of an id, or is missing. */
function packHalf(bytes: Uint8Array, at: number): number {
  if (at + HALF > bytes.length) return NOT_A_LETTER;
  const a = letters[bytes[at]!]!;
  const b = letters[bytes[at + 1]!]!;
  const c = letters[bytes[at + 2]!]!;
  const d = letters[bytes[at + 3]!]!;
  const e = letters[bytes[at + 4]!]!;
  if ((a | b | c | d | e) < 0) return NOT_A_LETTER;
  return (a << 20) | (b << 15) | (c << 10) | (d << 5) | e;
}
