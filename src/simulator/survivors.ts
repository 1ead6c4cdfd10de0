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
  const links = linksOf(run);
  return spanned(from, (index) => links.get(index) ?? []);
}

/** All that steps of `next` lead to, `from` itself first. */
export function spanned<Id>(from: Id, next: (id: Id) => readonly Id[]): Set<Id> {
  const found = new Set([from]);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
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
    const part = spanned(first, (id) => graph.get(id)!);
    for (const index of part) left.delete(index);
    parts.push([...part].sort((a, b) => (a < b ? -1 : 1)));
  }
  return parts;
}
