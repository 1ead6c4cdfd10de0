import * as v from 'valibot';
import type { Json } from '../vocabulary.ts';

/** A payload stands inside a message, which stands inside a body; people nest less than this. */
export const MAX_JSON_DEPTH = 16;

/**
 * Is this plain JSON all through? Anything else would change on its way or not arrive at all:
 * `undefined`, functions, dates, class instances, NaN, cycles, and the key `__proto__`, which
 * decoders refuse because it would change the object that it is read into.
 */
export function isJson(value: unknown, depth = MAX_JSON_DEPTH): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  // From the iterator and not by `every`, which would pass over holes.
  if (Array.isArray(value)) return [...value].every((item) => isJson(item, depth - 1));
  if (!isPlain(value)) return false;
  return Object.entries(value).every(
    ([key, item]) => key !== '__proto__' && isJson(item, depth - 1),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another frame or realm has another Object.prototype, whose prototype is null too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export const jsonSchema = v.custom<Json>((value) => isJson(value), 'not plain JSON');

/** A copy of its own, so what one holder changes the other does not see. */
export function copyJson(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
