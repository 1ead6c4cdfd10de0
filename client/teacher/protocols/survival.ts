import { Random } from '../../../src/simulator/random.ts';

/** So many classes are tried; their share is known to a few hundredths, and told in tenths. */
const TRIALS = 200;

/** Of the pairs that are drawn, some are linked already or have enough: then no free pair is left. */
const DRAWS_PER_END = 4;

/**
 * In which share of cases the survivors are still one mesh when half of a class is gone at once, if
 * each node has so many neighbours, drawn by chance. The same question has the same answer.
 */
export function survivalOf(nodes: number, neighbours: number): number {
  const random = new Random(`${nodes} nodes, ${neighbours} neighbours`);
  let whole = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const links = drawnLinks(nodes, neighbours, random);
    if (isWhole(links, survivors(nodes, random))) whole += 1;
  }
  return whole / TRIALS;
}

type Links = readonly ReadonlySet<number>[];

function drawnLinks(nodes: number, neighbours: number, random: Random): Links {
  const links = Array.from({ length: nodes }, () => new Set<number>());
  for (let draw = 0; draw < DRAWS_PER_END * nodes * neighbours; draw++) {
    const [a, b] = [random.below(nodes), random.below(nodes)];
    const [ofA, ofB] = [links[a]!, links[b]!];
    if (a === b || ofA.size >= neighbours || ofB.size >= neighbours) continue;
    ofA.add(b);
    ofB.add(a);
  }
  return links;
}

/** The larger half. */
function survivors(nodes: number, random: Random): Set<number> {
  const left = Array.from({ length: nodes }, (_, i) => i);
  for (let gone = 0; gone < Math.floor(nodes / 2); gone++)
    left.splice(random.below(left.length), 1);
  return new Set(left);
}

function isWhole(links: Links, left: ReadonlySet<number>): boolean {
  const reached = new Set([...left].slice(0, 1));
  for (const node of reached)
    for (const other of links[node]!) if (left.has(other)) reached.add(other);
  return reached.size === left.size;
}
