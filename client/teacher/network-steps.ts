import type { LinkRule } from '../../src/network/link-rule.ts';
import type { NodeAct, NodeCondition } from '../../src/network/node-condition.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Rule } from '../../src/network/composed-rule.ts';
import type { PartitionStyle } from '../session/snapshots.ts';
import type { NetworkActions } from './network-actions.ts';

/** One direction of a link. */
export interface Way {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** What is in force in one direction. */
export type RuleOf = (way: Way) => Rule;

/** One thing to do to the network. */
export type Step =
  | { readonly do: 'links'; readonly rules: readonly LinkRule[] }
  | {
      readonly do: 'partition';
      readonly groups: readonly (readonly NodeId[])[];
      readonly style: PartitionStyle;
    }
  | { readonly do: 'node'; readonly condition: NodeCondition }
  | { readonly do: 'act'; readonly act: NodeAct };

export type LinksStep = Extract<Step, { do: 'links' }>;

/** One after the other, until one is refused: then the sentence that says why. */
export async function carryOut(
  steps: readonly Step[],
  actions: NetworkActions,
): Promise<string | null> {
  for (const step of steps) {
    const problem = await one(step, actions);
    if (problem !== null) return problem;
  }
  return null;
}

function one(step: Step, actions: NetworkActions): Promise<string | null> {
  switch (step.do) {
    case 'links':
      return actions.links(step.rules);
    case 'partition':
      return actions.partition(step.groups, step.style);
    case 'node':
      return actions.condition(step.condition);
    case 'act':
      return actions.act(step.act);
  }
}

export const bothWays = (a: NodeId, b: NodeId): readonly Way[] => [
  { from: a, to: b },
  { from: b, to: a },
];

/** Every way from and to some nodes, once. */
export function waysOf(some: readonly NodeId[], all: readonly NodeId[]): readonly Way[] {
  return all.flatMap((from) =>
    all
      .filter((to) => from !== to && (some.includes(from) || some.includes(to)))
      .map((to) => ({ from, to })),
  );
}

/** Lays something over what is in force in each way. */
export function layUpon(ways: readonly Way[], ruleOf: RuleOf, what: Rule): LinksStep {
  return { do: 'links', rules: ways.map((way) => ({ ...ruleOf(way), ...what, ...way })) };
}

/** Cuts links, or heals those that are cut, both ways. */
export function cutLinks(ways: readonly Way[], ruleOf: RuleOf, cut: boolean): LinksStep {
  const changed = ways.map((way) => {
    const { cut: _cut, blackhole: _blackhole, ...rest } = ruleOf(way);
    return cut ? { ...ruleOf(way), cut, ...way } : { ...rest, ...way };
  });
  return { do: 'links', rules: changed };
}
