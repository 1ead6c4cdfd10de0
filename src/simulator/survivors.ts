import type { Machine } from './machine.ts';
import type { Run } from './scenario.ts';

export interface Survivor<Protocols> {
  readonly index: number;
  readonly machine: Machine<Protocols>;
}

/** The nodes that nobody killed for good. */
export function survivors<Protocols, Action>({
  cluster,
  dead,
}: Pick<Run<Protocols, Action>, 'cluster' | 'dead'>): readonly Survivor<Protocols>[] {
  return cluster.members
    .map((machine, index) => ({ machine, index }))
    .filter(({ index }) => !dead.has(index));
}

/**
 * The survivors that a chain of links leads to from the one of this index, itself first. The chain
 * goes over survivors alone: the dead pass nothing on.
 */
export function reachable<Protocols, Action>(
  run: Run<Protocols, Action>,
  from: number,
): ReadonlySet<number> {
  const indexes = new Map(survivors(run).map(({ machine, index }) => [machine.id, index]));
  const reached = new Set([from]);
  for (const index of reached) {
    for (const id of run.cluster.members[index]!.transport.neighbours()) {
      const neighbour = indexes.get(id);
      if (neighbour !== undefined) reached.add(neighbour);
    }
  }
  return reached;
}

/** Whom each survivor is linked to, of those that survive, by index. */
export function linksOf<Protocols, Action>(
  run: Pick<Run<Protocols, Action>, 'cluster' | 'dead'>,
): ReadonlyMap<number, readonly number[]> {
  const left = survivors(run);
  const indexes = new Map(left.map(({ machine, index }) => [machine.id, index]));
  return new Map(
    left.map(({ machine, index }) => [
      index,
      machine.transport.neighbours().flatMap((id) => indexes.get(id) ?? []),
    ]),
  );
}

/** What is connected, part by part. */
export function partsOf<Id extends number | string>(
  graph: ReadonlyMap<Id, readonly Id[]>,
): readonly Id[][] {
  const left = new Set(graph.keys());
  const parts: Id[][] = [];
  for (const first of left) {
    const part = new Set([first]);
    for (const index of part) for (const other of graph.get(index)!) part.add(other);
    for (const index of part) left.delete(index);
    parts.push([...part].sort((a, b) => (a < b ? -1 : 1)));
  }
  return parts;
}
