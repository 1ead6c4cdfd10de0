import type { ObservedLink, ObservedNode } from '../session/snapshots.ts';
import { STATE_WORDS } from '../views/words.ts';

/** How many of a node's links are open by its own account, of how many it could have. */
export interface LinkCount {
  readonly open: number;
  readonly of: number;
}

export function countLinks(
  nodes: readonly ObservedNode[],
  links: readonly ObservedLink[],
): ReadonlyMap<string, LinkCount> {
  const open = new Map<string, number>();
  const add = (id: string): void => void open.set(id, (open.get(id) ?? 0) + 1);
  for (const link of links) {
    if (link.fromA === 'open') add(link.a);
    if (link.fromB === 'open') add(link.b);
  }
  const of = nodes.length - 1;
  return new Map(nodes.map((node) => [node.id, { open: open.get(node.id) ?? 0, of }]));
}

/** What the teacher should know of a node, in a few words. */
export function nodeWords(node: ObservedNode): string {
  if (!node.plugged) return 'unplugged';
  if (node.state === null) return node.watched ? 'has not reported yet' : 'being connected';
  if (!node.watched) return `was ${STATE_WORDS[node.state]}, out of sight`;
  if (!node.present) return `${STATE_WORDS[node.state]}, not at the server`;
  return STATE_WORDS[node.state];
}
