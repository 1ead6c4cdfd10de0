import type { Json } from '../vocabulary.ts';

/** One of two surrogates without the other: on its way to another node it would become another letter. */
const HALF_A_LETTER = /\p{Surrogate}/u;

/** Does every text in it arrive as it is? */
export function isWhole(value: Json): boolean {
  if (typeof value === 'string') return !HALF_A_LETTER.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isWhole(key) && isWhole(item as Json));
}
