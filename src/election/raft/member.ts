import { NODE_ID_LENGTH, type Incarnation, type NodeId } from '../../vocabulary.ts';

declare const brand: unique symbol;

/**
 * Who takes part: a node, and the life in which it first kept something of this group. A node whose
 * disk was wiped has forgotten what it voted and promised, so it comes back as another member.
 */
export type MemberId = string & { readonly [brand]: 'MemberId' };

export function memberId(node: NodeId, birth: Incarnation): MemberId {
  return `${node}.${birth}` as MemberId;
}

export function nodeOf(member: MemberId): NodeId {
  return member.slice(0, NODE_ID_LENGTH) as NodeId;
}

export function birthOf(member: MemberId): Incarnation {
  return Number(member.slice(NODE_ID_LENGTH + 1));
}
