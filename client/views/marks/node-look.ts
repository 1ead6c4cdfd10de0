import type { NodeState } from '../../../src/wire/link-messages.ts';
import type { ObservedNode, PeerView } from '../../session/snapshots.ts';

/**
 * How a node is drawn. The states are what a node says of itself; `suspected` and `dead` are what
 * another believes of it; `unknown` is a node that has said nothing yet.
 */
export type NodeLook = NodeState | 'suspected' | 'dead' | 'unknown';

export const LOOK_WORDS: { readonly [Look in NodeLook]: string } = {
  joined: 'in the mesh',
  joining: 'joining',
  unplugged: 'unplugged',
  isolated: 'reaches nobody',
  paused: 'paused',
  crashed: 'crashed',
  suspected: 'suspected',
  dead: 'taken for dead',
  unknown: 'has not reported',
};

/**
 * A peer in the eyes of this node.
 *
 * @param partial each node keeps a few neighbours, so without a link it is there all the same
 */
export function lookOfPeer(peer: PeerView, partial: boolean): NodeLook {
  if (!peer.plugged) return 'unplugged';
  if (peer.verdict === 'dead') return 'dead';
  if (peer.link === 'connecting') return 'joining';
  if (peer.link === 'closed' && !partial) return 'dead';
  return peer.verdict === 'suspect' ? 'suspected' : 'joined';
}

/** A node as it reports itself to an observer. */
export function lookOfObserved(node: ObservedNode): NodeLook {
  if (!node.plugged) return 'unplugged';
  return node.state ?? 'unknown';
}
