import type { NodeId } from '../vocabulary.ts';

/** A link that brought a broadcast. */
interface Bringer {
  readonly id: NodeId;
  /** How far the broadcast had come. */
  readonly hops: number;
  /** It was pruned already: what it brought was under way by then. */
  readonly isLeaving: boolean;
}

/**
 * Which links bring what another one brings that stays: never the last one, for without an eager link
 * a node would live on hints. The shorter way stays, the earlier of two equal ones.
 *
 * @param first null if no eager link brought the first copy
 */
export function surplusLinks(first: Bringer | null, second: Bringer): readonly NodeId[] {
  if (first === null || first.id === second.id) return [];
  if (first.isLeaving || second.isLeaving)
    return first.isLeaving && second.isLeaving ? [] : [first.isLeaving ? first.id : second.id];
  return [second.hops < first.hops ? first.id : second.id];
}
