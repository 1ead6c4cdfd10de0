import * as v from 'valibot';

/** Fields of what a teacher may set: each may be left out, and one that is out of bounds is named. */

export const flag = (field: string) => v.optional(v.boolean(`${field} must be true or false`));

export function figure(field: string, min: number, max: number) {
  const text = `${field} must be a number from ${min} to ${max}`;
  return v.optional(v.pipe(v.number(text), v.minValue(min, text), v.maxValue(max, text)));
}

export const probability = (field: string) => figure(field, 0, 1);
