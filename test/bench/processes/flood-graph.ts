import { Random } from '../../../src/simulator/random.ts';

/** A network to flood and how: the same for the simulator and for the bare loop. */
export interface FloodLoad {
  readonly nodes: number;
  readonly degree: number;
  /** How many rumours are told, each by another node. */
  readonly rumours: number;
  /** How many of them are told at the same instant. */
  readonly together: number;
}

/** What every rumour says: a line of chat. */
export const TEXT = 'the quick brown fox jumps over the lazy dog '.repeat(2);

/** What one run took, and how many messages arrived in it. */
export interface FloodRun {
  readonly ms: number;
  readonly deliveries: number;
}

/** A ring, so that it is connected, and chance links until nodes have `degree` of them on average. */
export function graph(
  { nodes, degree }: Pick<FloodLoad, 'nodes' | 'degree'>,
  seed = 'graph',
): readonly (readonly [number, number])[] {
  const random = new Random(seed);
  const links = new Map<string, readonly [number, number]>();
  const link = (a: number, b: number) => {
    if (a !== b) links.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b]);
  };
  for (let i = 0; i < nodes; i++) link(i, (i + 1) % nodes);
  const wanted = Math.min((nodes * degree) / 2, (nodes * (nodes - 1)) / 2);
  while (links.size < wanted) link(random.below(nodes), random.below(nodes));
  return [...links.values()];
}

/** Draws 1 to 10 ms for each message. Drawn beforehand, so that drawing is no part of what is measured. */
export function delays(): () => number {
  const random = new Random('delays');
  const drawn = Float64Array.from({ length: 4096 }, () => 1 + 9 * random.next());
  let next = 0;
  return () => drawn[next++ & 4095]!;
}

/** Tells the first quarter again and again to warm up, then measures all. */
export function measure(
  { nodes, rumours, together }: FloodLoad,
  tell: (node: number) => void,
  settle: () => void,
  deliveries: () => number,
): FloodRun {
  const play = (count: number) => {
    for (let told = 0; told < count; told += together) {
      for (let i = 0; i < together; i++) tell((told + i) % nodes);
      settle();
    }
  };
  play(Math.ceil(rumours / 4));
  const before = deliveries();
  const startedAt = performance.now();
  play(rumours);
  return { ms: performance.now() - startedAt, deliveries: deliveries() - before };
}
