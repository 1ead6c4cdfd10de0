import type { NodeId } from '../../vocabulary.ts';

/**
 * The nodes in an order that depends on the key and on them alone ('rendezvous hashing'): every node
 * finds the same without asking, keys are spread evenly, and a node that leaves the list moves nothing
 * but its own.
 */
export function rendezvousOrder(key: string, nodes: readonly NodeId[]): readonly NodeId[] {
  return nodes
    .map((node) => ({ node, weight: hash(`${node}/${key}`) }))
    .sort((a, b) => b.weight - a.weight || (a.node < b.node ? -1 : 1))
    .map(({ node }) => node);
}

/** FNV-1a over the text, and the last steps of MurmurHash3, which spread each bit over all. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
