import type { Json } from '../../vocabulary.ts';

/** One text for one value: the order of an object's keys makes no difference, nor does the sign of zero. */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = fields.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`);
  return `{${texts.join(',')}}`;
}
