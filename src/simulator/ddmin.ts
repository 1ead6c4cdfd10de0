/**
 * Delta debugging (Zeller and Hildebrandt, 'Simplifying and isolating failure-inducing input', 2002):
 * from a list that fails to one that still fails, and of which no single item can be left out.
 *
 * @param fails must say true for `items`, and always the same for the same list
 */
export function ddmin<Item>(
  items: readonly Item[],
  fails: (candidate: readonly Item[]) => boolean,
): readonly Item[] {
  if (fails([])) return [];
  let current = items;
  let parts = 2;
  while (current.length >= 2) {
    const chunks = split(current, parts);
    const smaller =
      chunks.find(fails) ??
      // With two parts, each is the other's complement, and was tried.
      (parts > 2 ? chunks.map((chunk) => without(current, chunk)).find(fails) : undefined);
    if (smaller !== undefined) {
      parts = chunks.includes(smaller) ? 2 : Math.max(parts - 1, 2);
      current = smaller;
    } else if (parts >= current.length) {
      break;
    } else {
      parts = Math.min(2 * parts, current.length);
    }
  }
  return current;
}

function split<Item>(items: readonly Item[], parts: number): (readonly Item[])[] {
  return Array.from({ length: parts }, (_, part) =>
    items.slice(
      Math.floor((part * items.length) / parts),
      Math.floor(((part + 1) * items.length) / parts),
    ),
  );
}

function without<Item>(items: readonly Item[], chunk: readonly Item[]): readonly Item[] {
  const out = new Set(chunk);
  return items.filter((item) => !out.has(item));
}
