import type { Json } from '../vocabulary.ts';

/** Replicas that hold different states although nothing is on its way any more. */
export interface Divergence {
  readonly violation: 'diverged';
  /** Replicas that agree with each other, by group; the largest group first. */
  readonly groups: readonly (readonly string[])[];
  /** Where the first two groups differ: keys and positions from the outside in. */
  readonly path: readonly string[];
  /** What each of the first two groups holds there; `undefined` where it holds nothing. */
  readonly values: readonly [Json | undefined, Json | undefined];
}

/**
 * Do all replicas hold the same? The caller sees to it that the network has been quiet for long
 * enough: before that, replicas may differ. The order of an object's keys is no difference.
 */
export function checkConvergence(states: ReadonlyMap<string, Json>): Divergence | undefined {
  const groups: { readonly state: Json; readonly replicas: string[] }[] = [];
  for (const [replica, state] of states) {
    const group = groups.find((other) => firstDifference(other.state, state) === undefined);
    if (group === undefined) groups.push({ state, replicas: [replica] });
    else group.replicas.push(replica);
  }
  // Equal sizes keep their order, so the same states always make the same witness.
  groups.sort((a, b) => b.replicas.length - a.replicas.length);
  const [most, others] = groups;
  if (most === undefined || others === undefined) return undefined;
  return {
    violation: 'diverged',
    groups: groups.map(({ replicas }) => replicas),
    ...firstDifference(most.state, others.state)!,
  };
}

type Difference = Pick<Divergence, 'path' | 'values'>;

/** Keys are compared in the order of the first, then those that only the second has. */
function firstDifference(a: Json | undefined, b: Json | undefined): Difference | undefined {
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) {
    return a === b ? undefined : { path: [], values: [a, b] };
  }
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const inner = firstDifference(left.get(key), right.get(key));
    if (inner !== undefined) return { path: [key, ...inner.path], values: inner.values };
  }
  return undefined;
}

function isContainer(value: Json | undefined): value is Extract<Json, object> {
  return typeof value === 'object' && value !== null;
}
