import { shuffled } from '../../../src/runtime/shuffled.ts';
import { Random } from '../../../src/simulator/random.ts';
import { partsOf } from '../../../src/simulator/survivors.ts';

/** So many halves are tried; the share is known to a few hundredths, and told in tenths. */
const TRIALS = 200;

/** As its ends report it; one that either end has is there. */
export interface SeenLink {
  readonly a: string;
  readonly b: string;
  readonly fromA: string | null;
  readonly fromB: string | null;
}

/** Who is linked to whom, both ways. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export function graphOf(
  nodes: readonly { readonly id: string }[],
  links: readonly SeenLink[],
): Graph {
  const graph = new Map(nodes.map(({ id }): [string, string[]] => [id, []]));
  for (const { a, b, fromA, fromB } of links) {
    if (fromA !== 'open' && fromB !== 'open') continue;
    graph.get(a)?.push(b);
    graph.get(b)?.push(a);
  }
  return graph;
}

/** In which share of cases the survivors are one mesh if half of all is gone at once, before any repair. */
export function survivalOf(graph: Graph): number {
  // The same mesh has the same answer, so that the words about it stand still.
  const random = new Random(graph.size);
  const ids = [...graph.keys()];
  let whole = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const left = new Set(shuffled(ids, random.next).slice(ids.length >> 1));
    const links = [...left].map(
      (id) => [id, graph.get(id)!.filter((other) => left.has(other))] as const,
    );
    if (partsOf(new Map(links)).length === 1) whole += 1;
  }
  return whole / TRIALS;
}
