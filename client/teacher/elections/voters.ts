import { USUAL_VOTERS } from '../../../src/election/raft/options.ts';
import { MAX_VOTERS } from '../../../src/network/room-choices.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

/** Those that the teacher has chosen; else the first few who are here. */
export function votersOf(
  nodes: readonly { readonly id: NodeId }[],
  chosen: readonly NodeId[] | null,
): readonly NodeId[] {
  return chosen ?? nodes.slice(0, USUAL_VOTERS).map(({ id }) => id);
}

/** With it or without it, one at least; beyond the most that may vote, the one that was first makes room. */
export function toggled(voters: readonly NodeId[], id: NodeId): NodeId[] {
  if (!voters.includes(id)) return [...voters, id].slice(-MAX_VOTERS);
  const left = voters.filter((voter) => voter !== id);
  return left.length === 0 ? [...voters] : left;
}
