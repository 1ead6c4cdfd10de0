import type { NodeId } from '../../src/vocabulary.ts';

/** Sorts by name, and nodes of one name by id, so that no list ever jumps. Many times a second, so without a locale. */
export function byName(
  a: { readonly id: NodeId; readonly name: string },
  b: { readonly id: NodeId; readonly name: string },
): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
