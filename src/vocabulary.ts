/**
 * The words that every folder shares. Ids are branded so that a node's id cannot be passed where a
 * room's code is wanted; they are made only here, from text that was checked or from random bytes.
 */

declare const brand: unique symbol;
type Branded<Text extends string> = string & { readonly [brand]: Text };

/** One browser tab. It keeps its id over a reload and raises its incarnation. */
export type NodeId = Branded<'NodeId'>;

/** One class: what students type to join. */
export type RoomCode = Branded<'RoomCode'>;

/** A span of time or an instant, in milliseconds. Fractions are allowed. */
export type Milliseconds = number;

/** How often this node has been started: 1 in its first life. */
export type Incarnation = number;

/** Anything that survives `JSON.stringify`: what console functions and inspections return. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** 32 letters, none of which is easily taken for another. 10 of them are 50 random bits: two of a thousand nodes collide once in two billion rooms. */
const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
export const NODE_ID_LENGTH = 10;
export const NODE_ID_PATTERN = /^[0-9a-hjkmnp-tv-z]{10}$/;

/** Read aloud across a classroom: no 0/O/Q, 1/I/L, 2/Z, 5/S, 8/B. */
const CODE_ALPHABET = 'ACDEFGHJKMNPRTUVWXY34679';
export const ROOM_CODE_LENGTH = 6;
export const ROOM_CODE_PATTERN = /^[ACDEFGHJKMNPRTUVWXY34679]{6}$/;

/** @param bytes at least NODE_ID_LENGTH random bytes */
export function makeNodeId(bytes: Uint8Array): NodeId {
  return pick(ID_ALPHABET, NODE_ID_LENGTH, bytes) as NodeId;
}

/** @param bytes at least ROOM_CODE_LENGTH random bytes */
export function makeRoomCode(bytes: Uint8Array): RoomCode {
  return pick(CODE_ALPHABET, ROOM_CODE_LENGTH, bytes) as RoomCode;
}

export function parseNodeId(text: string): NodeId | undefined {
  return NODE_ID_PATTERN.test(text) ? (text as NodeId) : undefined;
}

/** Accepts what people type: lower case, spaces and dashes. */
export function parseRoomCode(text: string): RoomCode | undefined {
  const code = text.toUpperCase().replace(/[\s-]/g, '');
  return ROOM_CODE_PATTERN.test(code) ? (code as RoomCode) : undefined;
}

function pick(alphabet: string, length: number, bytes: Uint8Array): string {
  if (bytes.length < length)
    throw new RangeError(`needs ${length} random bytes, got ${bytes.length}`);
  let text = '';
  for (let i = 0; i < length; i++) text += alphabet[bytes[i]! % alphabet.length];
  return text;
}
