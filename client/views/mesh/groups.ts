import type { LinkRule } from '../../../src/network/link-rule.ts';

/** Two who share so many neighbours that only one link is missing are not parted by a wall. */
const MOST_BRIDGES = 0.5;

/** The directions that let nothing through, as 'from to'. */
export function closedWays(rules: readonly LinkRule[]): ReadonlySet<string> {
  return new Set(
    rules
      .filter(({ cut, blackhole }) => cut === true || blackhole === true)
      .map(({ from, to }) => `${from} ${to}`),
  );
}

/**
 * The partition that rules amount to, however they came about: groups between which nothing passes
 * in either direction. A node that still sees two groups is in both. One group if nothing is parted.
 */
export function groupsOf(
  ids: readonly string[],
  rules: readonly LinkRule[],
): readonly (readonly string[])[] {
  const closed = closedWays(rules);
  const parted = (a: string, b: string): boolean =>
    closed.has(`${a} ${b}`) && closed.has(`${b} ${a}`);
  if (closed.size === 0) return [ids];
  return componentsOf(ids, parted).flatMap((component) => groupsWithin(component, parted));
}

type Parted = (a: string, b: string) => boolean;

function componentsOf(ids: readonly string[], parted: Parted): string[][] {
  const left = new Set(ids);
  const components: string[][] = [];
  for (const id of ids) {
    if (!left.delete(id)) continue;
    const component = [id];
    for (const member of component)
      for (const other of left)
        if (!parted(member, other)) {
          left.delete(other);
          component.push(other);
        }
    components.push(component);
  }
  return components;
}

/**
 * Nodes that are all linked to each other and have the same neighbours make a group. If such groups
 * cover a component and few nodes are in two of them, those few are bridges; otherwise a link here
 * and there is missing, and the component is one group.
 */
function groupsWithin(component: readonly string[], parted: Parted): (readonly string[])[] {
  const groups = new Map<string, readonly string[]>();
  for (const id of component) {
    const near = component.filter((other) => other === id || !parted(id, other));
    const allLinked = near.every((a, i) => near.slice(i + 1).every((b) => !parted(a, b)));
    if (allLinked) groups.set(near.join(' '), near);
  }
  const counts = new Map<string, number>();
  for (const id of [...groups.values()].flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const bridges = [...counts.values()].filter((count) => count > 1).length;
  const covered = counts.size === component.length;
  return covered && groups.size > 1 && bridges < component.length * MOST_BRIDGES
    ? [...groups.values()]
    : [component];
}
