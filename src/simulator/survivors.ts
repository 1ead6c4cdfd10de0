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
}: Run<Protocols, Action>): readonly Survivor<Protocols>[] {
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
