import type { NodeId } from '../vocabulary.ts';

/** What one node that has not crashed holds of itself, by its last `role` note. */
export interface HeldRole {
  readonly id: NodeId;
  readonly algorithm: string;
  /** Which run of the algorithm: terms of two runs have nothing to do with each other. */
  readonly group: string;
  readonly role: string;
  readonly term: number;
}

/** Nodes that hold themselves for leader at one time. */
export interface Rivals {
  readonly leaders: readonly NodeId[];
  /** That of all of them, where it says something; else null. */
  readonly term: number | null;
  /** The algorithm promises that this is never so. Otherwise it is a sight: what it does is what it is. */
  readonly isViolation: boolean;
}

const ONE_A_TERM = new Set(['raft']);

/** Whether an algorithm promises one leader a term at most. */
export function promisesOneATerm(algorithm: string): boolean {
  return ONE_A_TERM.has(algorithm);
}

/**
 * Who leads beside whom, the worst first. Two leaders are a sight wherever nobody promised one; two of
 * one term of one run of Raft are a violation.
 */
export function rivalsAmong(held: readonly HeldRole[]): readonly Rivals[] {
  const leaders = held.filter(({ role }) => role === 'leader');
  const found: Rivals[] = [];
  const byTerm = new Map<string, HeldRole[]>();
  for (const one of leaders) {
    if (!promisesOneATerm(one.algorithm)) continue;
    const key = `${one.group} ${one.term}`;
    byTerm.set(key, [...(byTerm.get(key) ?? []), one]);
  }
  for (const group of byTerm.values())
    if (group.length > 1)
      found.push({ leaders: idsOf(group), term: group[0]!.term, isViolation: true });
  const isTold = found.some(({ leaders: told }) => told.length === leaders.length);
  if (leaders.length > 1 && !isTold)
    found.push({ leaders: idsOf(leaders), term: null, isViolation: false });
  return found;
}

function idsOf(group: readonly HeldRole[]): NodeId[] {
  return group.map(({ id }) => id);
}
