import type { Beliefs } from '../../src/membership/majority.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Report } from '../../src/wire/link-messages.ts';
import type { ObservedNode } from './snapshots.ts';

/** What each node that is seen last said of the others. Who has crashed believes nothing. */
export function beliefsOf(
  nodes: readonly ObservedNode[],
  reports: ReadonlyMap<NodeId, Pick<Report, 'beliefs'>>,
): Beliefs {
  return new Map(
    nodes.flatMap(({ id, watched, state }) => {
      const held = watched && state !== 'crashed' ? reports.get(id)?.beliefs : undefined;
      return held ? [[id, new Map(held.map((each) => [each.id, each.verdict]))] as const] : [];
    }),
  );
}
