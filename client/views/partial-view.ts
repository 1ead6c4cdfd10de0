import type { RoomChoices } from '../../src/network/room-choices.ts';

/**
 * Whether a room of so many nodes is one in which each keeps a few neighbours. Two without a link are
 * then no trouble, and nothing is drawn between them.
 */
export function isPartialView(
  nodes: number,
  { fullMeshUpTo }: Pick<RoomChoices, 'fullMeshUpTo'>,
): boolean {
  return nodes > fullMeshUpTo;
}
