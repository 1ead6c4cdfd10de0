import type { NodeId } from '../vocabulary.ts';
import type { LinkRule } from './link-rule.ts';

/** `cut` closes connections, and everyone hears of it; `blackhole` leaves them open and silent. */
type PartitionStyle = 'cut' | 'blackhole';

/**
 * The rules that split nodes into groups: two nodes keep their link if some group holds both, and
 * are parted both ways if not. A node in two groups is a bridge between them; a node in no group
 * keeps all its links.
 */
export function partition(
  groups: readonly (readonly NodeId[])[],
  style: PartitionStyle,
): readonly LinkRule[] {
  const groupsOf = new Map<NodeId, Set<number>>();
  groups.forEach((group, index) => {
    for (const id of group) groupsOf.set(id, (groupsOf.get(id) ?? new Set()).add(index));
  });

  const rules: LinkRule[] = [];
  for (const [from, mine] of groupsOf) {
    for (const [to, theirs] of groupsOf) {
      if (!shareOne(mine, theirs)) rules.push({ from, to, [style]: true });
    }
  }
  return rules;
}

function shareOne(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const group of a) if (b.has(group)) return true;
  return false;
}
