import { Random } from '../../../src/simulator/random.ts';
import { partsOf } from '../../../src/simulator/survivors.ts';
import { shuffled } from '../../../src/runtime/shuffled.ts';
import { OverlayClass } from '../../support/overlay-class.ts';

/**
 * How large an active view must be: half of a class dies at once, and what is left is looked at before
 * anything is repaired. The graphs are those that the overlay itself builds.
 */

/** Nobody calls any more, and nobody is let go any more. */
const SETTLED_MS = 30_000;

/** A graph takes long to build and no time to take apart. */
const HALVES_A_GRAPH = 20;

export interface ViewSizeQuestion {
  readonly nodes: number;
  readonly activeView: number;
  /** In how many cases to look; a graph serves for several. */
  readonly trials: number;
}

export interface ViewSizeAnswer {
  /** Of all cases, those in which the living half was still one mesh. */
  readonly connectedShare: number;
  /** The same of random graphs in which everybody has exactly `activeView` links. */
  readonly regularShare: number;
  /** Links a node of the graphs that the overlay builds: at least `activeView`, and a few to spare. */
  readonly meanLinks: number;
}

export function survivesHalfDead({ nodes, activeView, trials }: ViewSizeQuestion): ViewSizeAnswer {
  let connected = 0;
  let regular = 0;
  let links = 0;
  const graphs = Math.ceil(trials / HALVES_A_GRAPH);
  for (let graph = 0; graph < graphs; graph++) {
    const seed = `view ${nodes} ${activeView} ${graph}`;
    const settled = settledGraph(nodes, activeView, seed);
    links += [...settled.values()].reduce((sum, { length }) => sum + length, 0) / nodes;
    const random = new Random(seed);
    const here = Math.min(HALVES_A_GRAPH, trials - graph * HALVES_A_GRAPH);
    for (let half = 0; half < here; half++) {
      if (survives(settled, random)) connected += 1;
      if (survives(regularGraph(nodes, activeView, random), random)) regular += 1;
    }
  }
  return {
    connectedShare: connected / trials,
    regularShare: regular / trials,
    meanLinks: links / graphs,
  };
}

function settledGraph(nodes: number, activeView: number, seed: string) {
  const overlayClass = new OverlayClass({ nodes, activeView, fullMeshUpTo: 0, seed });
  overlayClass.runFor(SETTLED_MS);
  return overlayClass.graph();
}

function survives(graph: ReadonlyMap<number, readonly number[]>, random: Random): boolean {
  const living = new Set(shuffled([...graph.keys()], random.next).slice(graph.size >> 1));
  const left = [...living].map(
    (index) => [index, graph.get(index)!.filter((other) => living.has(other))] as const,
  );
  return partsOf(new Map(left)).length === 1;
}

/**
 * Ends of links are drawn in pairs, where the two may be linked, until none are left (Steger and
 * Wormald 1999); one that comes to a dead end is begun anew.
 */
function regularGraph(nodes: number, links: number, random: Random) {
  for (;;) {
    const graph = new Map(
      Array.from({ length: nodes }, (_, index): [number, number[]] => [index, []]),
    );
    let ends = [...graph.keys()].flatMap((index) => Array.from({ length: links }, () => index));
    for (let before = Infinity; ends.length > 0 && ends.length < before;) {
      before = ends.length;
      const mixed = shuffled(ends, random.next);
      ends = [];
      for (let i = 0; i < mixed.length; i += 2) {
        const [a, b] = [mixed[i]!, mixed[i + 1]!];
        if (a === b || graph.get(a)!.includes(b)) {
          ends.push(a, b);
          continue;
        }
        graph.get(a)!.push(b);
        graph.get(b)!.push(a);
      }
    }
    if (ends.length === 0) return graph;
  }
}
