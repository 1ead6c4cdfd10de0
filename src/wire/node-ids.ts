import { NODE_ID_LENGTH, parseNodeId, type NodeId } from '../vocabulary.ts';

/**
 * A frame names the same few nodes again and again: every entry of its vector clock is one. Making
 * ten letters into a new string each time would cost more than all other decoding, so strings that
 * were made once are kept, as a processor keeps cache lines: an id has one slot, and the next id
 * that falls into it takes it over. Memory is bounded and a miss only costs time.
 */
const SLOTS = 1024;
/** The slot is what the upper bits of a product say: they depend on all letters. */
const SLOT_SHIFT = 22;
const MIXER = 0x9e3779b1;

const kept: (NodeId | undefined)[] = new Array<NodeId | undefined>(SLOTS).fill(undefined);
/** The letters of a kept id as they stand in a frame: four, four and two in a whole number. */
const keptHead = new Int32Array(SLOTS);
const keptMiddle = new Int32Array(SLOTS);
const keptTail = new Int32Array(SLOTS);

/** The id that stands at `at`, or undefined if what stands there is none. */
export function readNodeId(bytes: Uint8Array, at: number): NodeId | undefined {
  if (at + NODE_ID_LENGTH > bytes.length) return undefined;
  const head = fourBytes(bytes, at);
  const middle = fourBytes(bytes, at + 4);
  const tail = bytes[at + 8]! | (bytes[at + 9]! << 8);

  const mixed = Math.imul(head ^ Math.imul(middle ^ (tail << 8), MIXER), MIXER);
  const slot = mixed >>> SLOT_SHIFT;
  const known = kept[slot];
  if (
    known !== undefined &&
    keptHead[slot] === head &&
    keptMiddle[slot] === middle &&
    keptTail[slot] === tail
  ) {
    return known;
  }
  const id = parseNodeId(String.fromCharCode(...bytes.subarray(at, at + NODE_ID_LENGTH)));
  if (id === undefined) return undefined;
  kept[slot] = id;
  keptHead[slot] = head;
  keptMiddle[slot] = middle;
  keptTail[slot] = tail;
  return id;
}

function fourBytes(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
