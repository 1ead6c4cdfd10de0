import { animalName } from '../platform/animals.ts';
import type { IdentityHolder } from '../platform/identity.ts';

/** The name under which a tab enters: what its student chose, or an animal's. */
export function nameOf(holder: IdentityHolder): string {
  const { chosenName, givenName } = holder.identity;
  if (chosenName !== undefined) return chosenName;
  if (givenName === undefined) holder.give(animalName(new Set()));
  return holder.identity.givenName!;
}

/**
 * Two animals of one name in a class would be confusing, so the one that came later takes another.
 * Null if it may keep its name.
 */
export function anotherName(
  holder: IdentityHolder,
  name: string,
  taken: ReadonlySet<string>,
): string | null {
  if (holder.identity.chosenName !== undefined || !taken.has(name)) return null;
  const another = animalName(taken);
  holder.give(another);
  return another;
}
