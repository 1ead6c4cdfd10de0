import type { NodeId } from '../vocabulary.ts';
import type { Verdict } from './verdict.ts';

/** What each node that tells believes of each other: by who believes, then of whom. */
export type Beliefs = ReadonlyMap<NodeId, ReadonlyMap<NodeId, Verdict>>;

/** What the class as a whole holds of one node. */
export interface MajorityVerdict {
  readonly id: NodeId;
  /** What more than half of those who tell of it hold; null where no verdict has so many. */
  readonly verdict: Verdict | null;
  readonly votes: { readonly [V in Verdict]: readonly NodeId[] };
  /** Not all agree. */
  readonly disputed: boolean;
}

/** One for every node that anybody tells of, by id. A node has no vote on itself. */
export function majorityVerdicts(beliefs: Beliefs): readonly MajorityVerdict[] {
  const votes = new Map<NodeId, Map<Verdict, NodeId[]>>();
  for (const [by, held] of beliefs) {
    for (const [of, verdict] of held) {
      if (of === by) continue;
      const cast = votes.get(of) ?? new Map<Verdict, NodeId[]>();
      votes.set(of, cast.set(verdict, [...(cast.get(verdict) ?? []), by]));
    }
  }
  return [...votes]
    .map(([id, cast]): MajorityVerdict => {
      const voters = [...cast.values()].reduce((sum, { length }) => sum + length, 0);
      const [won] = [...cast].find(([, for_]) => 2 * for_.length > voters) ?? [null];
      const of = (verdict: Verdict) => (cast.get(verdict) ?? []).toSorted();
      return {
        id,
        verdict: won,
        votes: { alive: of('alive'), suspect: of('suspect'), dead: of('dead') },
        disputed: cast.size > 1,
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
