import * as v from 'valibot';

/** A number in something that a person chose; what is wrong with it is said in a sentence. */
export function whole(field: string, min: number, max: number) {
  const text = `${field} must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(text), v.integer(text), v.minValue(min, text), v.maxValue(max, text));
}
