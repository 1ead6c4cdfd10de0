import type { Burden, Burdens } from '../trace/event.ts';
import type { NodeId } from '../vocabulary.ts';
import type { NetworkDocument } from './network-document.ts';
import { canonicalRules, sayingSomething } from './rules-document.ts';

/** All that a network lays upon one node: the rules of its ways out, and its conditions. */
export function burdensOn(
  self: NodeId,
  { rules, conditions }: Pick<NetworkDocument, 'rules' | 'conditions'>,
): Burdens {
  const own = canonicalRules(rules.filter(({ from }) => from === self));
  const { id: _, ...condition } = conditions.find(({ id }) => id === self) ?? { id: self };
  // What says something is never undefined, which the types cannot know.
  return {
    links: own.map(({ from: _from, to, ...rule }) => ({ to, rule: rule as Burden })),
    node: sayingSomething(condition) as Burden,
  };
}
