import { encodeBody, MAX_BODY_DEPTH } from './body.ts';

/** What encoding and decoding a message would give, and in how many bytes. */
interface Counted {
  /** Shares nothing with the message. */
  readonly value: unknown;
  readonly bytes: number;
}

const NOT_PLAIN = Symbol('not plain');

/** Counts during one copy. */
let bytes = 0;

/**
 * A copy of a message and its size, without a byte of it being written: half of the time of encoding
 * it, and none of decoding. Undefined for whatever is not plain JSON with well-known sizes (byte
 * strings, class instances, `undefined`, letters beyond Unicode's first plane, ...): that takes the
 * way through bytes.
 */
export function copyPlain(message: unknown): Counted | undefined {
  bytes = 0;
  const value = copy(message, 1);
  return value === NOT_PLAIN ? undefined : { value, bytes };
}

/** A copy of what a copy was made of before, or of the same kind. */
export function copyAgain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyAgain);
  const copied: { [key: string]: unknown } = {};
  for (const key in value) {
    copied[key] = copyAgain((value as { readonly [key: string]: unknown })[key]);
  }
  return copied;
}

/** Would a copy of `message` be `copied` once more, to the order of its keys? */
export function isCopyOf(copied: unknown, message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return Object.is(message, copied);
  if (typeof copied !== 'object' || copied === null) return false;
  if (Object.getPrototypeOf(message) !== Object.getPrototypeOf(copied)) return false;
  if (Array.isArray(message)) {
    const items = copied as readonly unknown[];
    return message.length === items.length && items.every((item, i) => isCopyOf(item, message[i]));
  }
  const fields = message as { readonly [key: string]: unknown };
  const copiedFields = copied as { readonly [key: string]: unknown };
  const copiedKeys = Object.keys(copiedFields);
  let at = 0;
  for (const key in fields) {
    if (key !== copiedKeys[at] || !isCopyOf(copiedFields[key], fields[key])) return false;
    at += 1;
  }
  return at === copiedKeys.length;
}

/** How many bytes a value takes as a body. */
export function encodedBytes(value: unknown): number {
  return copyPlain(value)?.bytes ?? encodeBody(value).length;
}

function copy(value: unknown, depth: number): unknown {
  if (depth > MAX_BODY_DEPTH) return NOT_PLAIN;
  if (typeof value === 'string') return countText(value) ? value : NOT_PLAIN;
  if (typeof value === 'number') {
    bytes += numberBytes(value);
    // MessagePack has no minus zero.
    return value + 0;
  }
  if (value === null || typeof value === 'boolean') {
    bytes += 1;
    return value;
  }
  if (typeof value !== 'object') return NOT_PLAIN;
  return Array.isArray(value) ? copyArray(value, depth) : copyObject(value, depth);
}

function copyArray(array: readonly unknown[], depth: number): unknown {
  bytes += headBytes(array.length, 16);
  const copied: unknown[] = [];
  for (let i = 0; i < array.length; i++) {
    const item = copy(array[i], depth + 1);
    if (item === NOT_PLAIN) return NOT_PLAIN;
    copied.push(item);
  }
  return copied;
}

function copyObject(object: object, depth: number): unknown {
  if (Object.getPrototypeOf(object) !== Object.prototype) return NOT_PLAIN;
  const copied: { [key: string]: unknown } = {};
  let keys = 0;
  for (const key in object) {
    if (key === '__proto__' || !countText(key)) return NOT_PLAIN;
    const item = copy((object as { readonly [key: string]: unknown })[key], depth + 1);
    if (item === NOT_PLAIN) return NOT_PLAIN;
    copied[key] = item;
    keys += 1;
  }
  bytes += headBytes(keys, 16);
  return copied;
}

/** False if it has letters whose size depends on their neighbours. */
function countText(text: string): boolean {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code >= 0xd800 && code <= 0xdfff) return false;
    length += code < 0x800 ? 1 : 2;
  }
  bytes += length < 32 ? 1 + length : length < 0x100 ? 2 + length : headBytes(length, 0) + length;
  return true;
}

/** How many bytes say how much there is: one for fewer than `small`. */
function headBytes(count: number, small: number): number {
  if (count < small) return 1;
  return count < 0x1_0000 ? 3 : 5;
}

function numberBytes(value: number): number {
  if (!Number.isSafeInteger(value)) return 9;
  const size = value < 0 ? -value - 1 : value;
  const few = value < 0 ? 0x20 : 0x80;
  if (size < few) return 1;
  const half = value < 0 ? 2 : 1;
  if (size < 0x100 / half) return 2;
  if (size < 0x1_0000 / half) return 3;
  return size < 0x1_0000_0000 / half ? 5 : 9;
}
