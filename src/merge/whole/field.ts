import { kindOf, type Deed } from '../intent.ts';

/** The field that a deed is about, as the key of a map. */
export function fieldOf(deed: Deed): string {
  return `${kindOf(deed)} ${deed.key}`;
}

export function isSameField(a: Deed, b: Deed): boolean {
  return fieldOf(a) === fieldOf(b);
}
