import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { RefusalCode } from '../wire/refusals.ts';
import type { LinkRule } from './link-rule.ts';
import {
  MAX_DOCUMENT_CHARACTERS,
  type NetworkChange,
  type NetworkDocument,
} from './network-document.ts';
import type { NodeCondition } from './node-condition.ts';
import { partition } from './partition.ts';
import { chosen, type SomeChoices } from './room-choices.ts';
import { canonicalRules, MAX_RULES, sayingSomething } from './rules-document.ts';
import { titleOfChange } from './titles.ts';

/** The document as it is then, the very same one if nothing changed; or why nothing may change. */
export type Changed =
  | { readonly ok: true; readonly document: NetworkDocument }
  | {
      readonly ok: false;
      readonly code: Extract<RefusalCode, 'unknown-node' | 'changed-meanwhile' | 'too-many-rules'>;
      readonly message: string;
    };

type Laid = Pick<NetworkDocument, 'rules' | 'conditions' | 'choices'>;

/**
 * What becomes of a document by a change. The change has passed its schema.
 *
 * @param nodes the nodes that have a seat in the room, and their names
 * @param at true milliseconds since 1970
 */
export function applyChange(
  before: NetworkDocument,
  change: NetworkChange,
  nodes: ReadonlyMap<NodeId, string>,
  at: Milliseconds,
): Changed {
  const stranger = idsNamedBy(change).find((id) => !nodes.has(id));
  if (stranger !== undefined)
    return no('unknown-node', `No node ${stranger} is in this room now. Nothing was changed.`);
  if (change.do === 'restore' && change.version !== before.version)
    return no('changed-meanwhile', 'The network was changed meanwhile. Nothing was taken back.');

  const laid = tidy(resultOf(before, change), nodes);
  if (laid.rules.length > MAX_RULES)
    return no('too-many-rules', `A room takes ${MAX_RULES} rules, and this would make ${laid.rules.length}. Nothing was changed.`); // prettier-ignore
  const written = JSON.stringify([laid.rules, laid.conditions, laid.choices]);
  if (written.length > MAX_DOCUMENT_CHARACTERS)
    return no('too-many-rules', 'So many rules with so many fields are more than a room takes. Nothing was changed.'); // prettier-ignore
  if (written === JSON.stringify([before.rules, before.conditions, before.choices]))
    return { ok: true, document: before };

  const title = titleOfChange(change, before, (id) => nodes.get(id) ?? id);
  return { ok: true, document: { version: before.version + 1, ...laid, title, at } };
}

function no(code: Extract<Changed, { ok: false }>['code'], message: string): Changed {
  return { ok: false, code, message };
}

/** What is taken back may name nodes that have left since: that is no mistake of the teacher's. */
function idsNamedBy(change: NetworkChange): readonly NodeId[] {
  switch (change.do) {
    case 'links':
      return change.rules.flatMap(({ from, to }) => [from, to]);
    case 'partition':
      return change.groups.flat();
    case 'node':
      return [change.condition.id];
    case 'choose':
      return namedByChoices(change.choices);
    case 'heal':
    case 'restore':
      return [];
  }
}

function namedByChoices({
  service,
  election,
  electionVoters,
  registers,
}: SomeChoices): readonly NodeId[] {
  // prettier-ignore
  const copies = registers?.setting?.nodes ?? [];
  return [service ?? [], election?.by.id ?? [], electionVoters ?? [], copies].flat();
}

function resultOf(before: NetworkDocument, change: NetworkChange): Laid {
  const { rules, conditions, choices } = before;
  switch (change.do) {
    case 'links': {
      const said = new Set(change.rules.map(directionOf));
      const others = rules.filter((rule) => !said.has(directionOf(rule)));
      return { rules: [...others, ...change.rules], conditions, choices };
    }
    case 'partition': {
      const named = new Set(change.groups.flat());
      const opened = rules.map((rule) =>
        named.has(rule.from) && named.has(rule.to)
          ? { ...rule, cut: false, blackhole: false }
          : rule,
      );
      const parted = [...opened, ...partition(change.groups, change.style)];
      return { rules: parted, conditions, choices };
    }
    case 'heal':
      return { rules: [], conditions, choices };
    case 'node':
      return { rules, conditions: [...conditions, change.condition], choices };
    case 'choose':
      return { rules, conditions, choices: chosen(choices, change.choices) };
    case 'restore':
      return {
        rules: change.rules,
        conditions: change.conditions,
        // Nodes elect by the newest choice that they have heard of: an older one would be no choice.
        choices: { ...change.choices, election: choices.election },
      };
  }
}

const directionOf = ({ from, to }: LinkRule) => `${from}${to}`;

/** In the one way of writing, and of those alone who are here. */
function tidy({ rules, conditions, choices }: Laid, nodes: ReadonlyMap<NodeId, string>): Laid {
  const { service } = choices;
  return {
    rules: [...canonicalRules(rules.filter(({ from, to }) => nodes.has(from) && nodes.has(to)))],
    conditions: canonicalConditions(conditions.filter(({ id }) => nodes.has(id))),
    choices: service !== null && !nodes.has(service) ? { ...choices, service: null } : choices,
  };
}

/** One of each node, a later field in place of an earlier one; by id, without what says nothing. */
function canonicalConditions(conditions: readonly NodeCondition[]): NodeCondition[] {
  const byId = new Map<NodeId, NodeCondition>();
  for (const condition of conditions)
    byId.set(condition.id, { ...byId.get(condition.id), ...condition });
  return [...byId.values()]
    .map((condition) => sayingSomething(condition))
    .filter((condition) => Object.keys(condition).length > 1)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
