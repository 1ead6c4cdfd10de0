import { parseNodeId, parseRoomCode, type NodeId } from '../../src/vocabulary.ts';

/** Ids that a person can tell apart in a failing test: `n000000001` and so on. */
export function testNodeId(index: number): NodeId {
  return parseNodeId(`n${String(index).padStart(9, '0')}`)!;
}

export const TEST_ROOM = parseRoomCode('ACDEFG')!;
