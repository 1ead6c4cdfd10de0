import type { LinkRule } from '../../src/network/link-rule.ts';
import type { NodeAct, NodeCondition } from '../../src/network/node-condition.ts';
import type { NodeId } from '../../src/vocabulary.ts';

export type PartitionStyle = 'cut' | 'blackhole';

/** What the instruments do to the network. Each answers null, or the sentence that says why not. */
export interface NetworkActions {
  links(rules: readonly LinkRule[]): Promise<string | null>;
  partition(groups: readonly (readonly NodeId[])[], style: PartitionStyle): Promise<string | null>;
  heal(): Promise<string | null>;
  condition(condition: NodeCondition): Promise<string | null>;
  act(act: NodeAct): Promise<string | null>;
  undo(): Promise<string | null>;
}
