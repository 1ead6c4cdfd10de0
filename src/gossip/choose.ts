/**
 * `count` different whole numbers below `size`, each set of them as likely as any other; all if there
 * are no more. By Floyd: as many draws as numbers, however many there are to choose from.
 */
export function chooseIndexes(count: number, size: number, random: () => number): number[] {
  const chosen = new Set<number>();
  for (let last = Math.max(0, size - count); last < size; last++) {
    const drawn = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return [...chosen];
}

export function choose<Item>(count: number, of: readonly Item[], random: () => number): Item[] {
  return chooseIndexes(count, of.length, random).map((index) => of[index]!);
}
