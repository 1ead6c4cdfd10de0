import { parseNodeId } from '../../src/vocabulary.ts';
import type { MeshNode } from './mesh/drawn-mesh.ts';
import type { SpaceTimeNode } from './spacetime/space-time.svelte.ts';

/** A row for every node of a mesh, in its order and in its colours. */
export function lifelinesOf(nodes: readonly MeshNode[]): SpaceTimeNode[] {
  return nodes.flatMap(({ id, name, color }) => {
    const node = parseNodeId(id);
    return node === undefined ? [] : [{ id: node, name, ...(color === null ? {} : { color }) }];
  });
}
