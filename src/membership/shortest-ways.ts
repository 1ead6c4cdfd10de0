import type { NodeId } from '../vocabulary.ts';

/**
 * For every node that can be reached, the neighbour that is next on a shortest way there: breadth
 * first, from this node on. Of several shortest ways it is the one whose ids come first, so equal
 * knowledge gives equal ways.
 *
 * @param neighbours of this node itself: of these links it is sure
 * @param links what each other node says of its own; a link is there if both of its ends say so
 */
export function shortestWays(
  self: NodeId,
  neighbours: readonly NodeId[],
  links: (of: NodeId) => ReadonlySet<NodeId> | undefined,
): ReadonlyMap<NodeId, NodeId> {
  const next = new Map<NodeId, NodeId>();
  for (const id of [...neighbours].sort()) next.set(id, id);
  // What is put into a map while it is gone through is gone through as well.
  for (const [id, first] of next) {
    for (const further of [...(links(id) ?? [])].sort()) {
      if (further === self || next.has(further)) continue;
      if (links(further)?.has(id) === true) next.set(further, first);
    }
  }
  return next;
}
