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

/** One at least votes, and no more than may. */
export function canToggle(voters: readonly NodeId[], id: NodeId): boolean {
  return voters.includes(id) ? voters.length > 1 : voters.length < MAX_VOTERS;
}

/** With it or without it. */
export function toggled(voters: readonly NodeId[], id: NodeId): NodeId[] {
  const others = voters.filter((voter) => voter !== id);
  return others.length < voters.length ? others : [...others, id];
}
