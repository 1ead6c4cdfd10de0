import * as v from 'valibot';
import type { NodeId } from '../vocabulary.ts';
import { MAX_CAPACITY } from '../wire/signaling-limits.ts';
import { compose, conditionsOf, type Conditions } from './conditions.ts';
import { linkRuleSchema, type LinkRule } from './link-rule.ts';

/** Two for every direction of the fullest room: a partition, and a slow link laid over it. */
export const MAX_RULES = 2 * MAX_CAPACITY * (MAX_CAPACITY - 1);

/** All rules of a room at one time. A higher version replaces a lower one as a whole. */
export const rulesDocumentSchema = v.object({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  rules: v.pipe(
    v.array(linkRuleSchema),
    v.maxLength(MAX_RULES, `a room takes ${MAX_RULES} rules at most`),
  ),
});
export interface RulesDocument {
  readonly version: number;
  readonly rules: readonly LinkRule[];
}

/** Before anybody has said anything: every link as good as it is. */
export const NO_RULES: RulesDocument = { version: 0, rules: [] };

/**
 * The same rules in the one order, and the one way of writing, in which equal sets of rules are
 * equal texts: by sender, receiver, then the rest; fields in alphabetical order; nothing said that
 * changes nothing.
 */
export function canonicalRules(rules: readonly LinkRule[]): readonly LinkRule[] {
  return rules
    .map(saidOf)
    .filter((rule) => Object.keys(rule).length > 2)
    .map((rule) => ({ rule, key: `${rule.from}${rule.to}${JSON.stringify(rule)}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ rule }) => rule);
}

/** A rule without what changes nothing, its fields in alphabetical order. */
export function saidOf(rule: LinkRule): LinkRule {
  return sayingSomething(rule, (field) => isSilent(rule, field));
}

/** Which field tells how a fault looks that another field causes: alone it says nothing. */
const TELLS_OF: { readonly [field in keyof LinkRule]?: keyof LinkRule } = {
  latencyShape: 'jitterMs',
  lossBurst: 'loss',
  reorderMs: 'reorder',
};

function isSilent(rule: LinkRule, field: keyof LinkRule): boolean {
  const cause = TELLS_OF[field];
  if (cause !== undefined && (rule[cause] ?? 0) === 0) return true;
  // A queue of no bytes says much: nothing may wait.
  return isNothing(rule[field]) && !(field === 'queueBytes' && rule[field] === 0);
}

const isNothing = (value: unknown) => value === undefined || value === false || value === 0;

/** The fields that say something, in alphabetical order. */
export function sayingSomething<Said extends object>(
  said: Said,
  isSilent: (field: keyof Said) => boolean = (field) => isNothing(said[field]),
): Said {
  const fields = (Object.keys(said) as (keyof Said & string)[]).filter((field) => !isSilent(field));
  return Object.fromEntries(fields.sort().map((field) => [field, said[field]])) as Said;
}

/** A rules document made ready to be asked about one direction, in constant time. */
export class LinkRules {
  readonly version: number;
  private readonly byDirection = new Map<NodeId, Map<NodeId, Conditions>>();

  constructor({ version, rules }: RulesDocument) {
    this.version = version;
    for (const rule of canonicalRules(rules)) this.add(rule);
  }

  /** What befalls frames from one node to another; undefined where no rule says anything. */
  conditions(from: NodeId, to: NodeId): Conditions | undefined {
    return this.byDirection.get(from)?.get(to);
  }

  /** Whether nothing leaves for `to`; the way back is another matter. */
  cutsWay(from: NodeId, to: NodeId): boolean {
    return this.conditions(from, to)?.cut === true;
  }

  /** A connection has two directions, and ends when both are cut. */
  isCut(a: NodeId, b: NodeId): boolean {
    return this.cutsWay(a, b) && this.cutsWay(b, a);
  }

  private add(rule: LinkRule): void {
    let receivers = this.byDirection.get(rule.from);
    if (receivers === undefined) this.byDirection.set(rule.from, (receivers = new Map()));
    const before = receivers.get(rule.to);
    const conditions = conditionsOf(rule);
    receivers.set(rule.to, before === undefined ? conditions : compose(before, conditions));
  }
}
