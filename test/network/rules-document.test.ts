import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { compose } from '../../src/network/conditions.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { partition } from '../../src/network/partition.ts';
import {
  canonicalRules,
  LinkRules,
  MAX_RULES,
  rulesDocumentSchema,
} from '../../src/network/rules-document.ts';
import { testNodeId } from '../support/node-ids.ts';
import { conditions, rule } from './measure.ts';

const [a, b, c, d] = [1, 2, 3, 4].map(testNodeId) as [
  LinkRule['from'],
  LinkRule['from'],
  LinkRule['from'],
  LinkRule['from'],
];

describe('a document', () => {
  test('LINK-1 a rule is for one direction and says nothing about the way back', () => {
    const rules = new LinkRules({ version: 1, rules: [rule({ loss: 0.5 })] });
    expect(rules.conditions(a, b)).toEqual(conditions({ loss: 0.5 }));
    expect(rules.conditions(b, a)).toBeUndefined();
    expect(rules.conditions(a, c)).toBeUndefined();
  });

  test('LINK-1 a connection has two directions: it is cut when both are', () => {
    const one = new LinkRules({ version: 1, rules: [rule({ cut: true })] });
    expect([one.isCut(a, b), one.isCut(b, a)]).toEqual([false, false]);
    expect([one.cutsWay(a, b), one.cutsWay(b, a)]).toEqual([true, false]);
    const both = new LinkRules({ version: 2, rules: [rule({ cut: true }), rule({ cut: true }, 2, 1)] }); // prettier-ignore
    expect([both.isCut(a, b), both.isCut(b, a), both.isCut(a, c)]).toEqual([true, true, false]);
  });

  test('LINK-3 rules for the same direction are one', () => {
    const [x, y] = [{ latencyMs: 5 }, { loss: 0.5 }];
    const rules = new LinkRules({ version: 1, rules: [rule(x), rule({}, 2, 1), rule(y)] });
    expect(rules.conditions(a, b)).toEqual(compose(conditions(x), conditions(y)));
  });

  test('LINK-6 more rules than a full room needs, or no version, are refused', () => {
    const rules = Array.from({ length: MAX_RULES }, () => rule({ loss: 0.1 }));
    expect(v.is(rulesDocumentSchema, { version: 1, rules })).toBe(true);
    expect(v.is(rulesDocumentSchema, { version: 1, rules: [...rules, rules[0]] })).toBe(false);
    expect(v.is(rulesDocumentSchema, { rules })).toBe(false);
    expect(v.is(rulesDocumentSchema, { version: -1, rules })).toBe(false);
    expect(v.is(rulesDocumentSchema, { version: 1, rules: [rule({ loss: 2 })] })).toBe(false);
  });
});

describe('one way of writing', () => {
  test('LINK-5 by sender, receiver and the rest, whatever the order it was written in', () => {
    const rules = [
      rule({ loss: 0.5 }, 2, 1),
      rule({ loss: 0.5, latencyMs: 3 }),
      rule({ cut: true }),
      rule({ cut: true }, 1, 3),
    ];
    const written = JSON.stringify(canonicalRules(rules));
    expect(written).toBe(
      JSON.stringify([
        { cut: true, from: a, to: b },
        { from: a, latencyMs: 3, loss: 0.5, to: b },
        { cut: true, from: a, to: c },
        { from: b, loss: 0.5, to: a },
      ]),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: rules.length }), (shuffled) => {
        const turned = shuffled.map((one) => Object.fromEntries(Object.entries(one).reverse()));
        expect(JSON.stringify(canonicalRules(turned as LinkRule[]))).toBe(written);
      }),
    );
  });

  test('LINK-5 what changes nothing is not said', () => {
    const nothing = [
      rule({}),
      rule({ cut: false, latencyMs: 0, jitterMs: 0, loss: 0, duplicate: 0 }),
      rule({ latencyShape: 'normal', lossBurst: 3, reorderMs: 7 }),
    ];
    expect(canonicalRules(nothing)).toEqual([]);
    const much = rule({ bytesPerSecond: 500, queueBytes: 0, loss: 0.1, lossBurst: 4 });
    expect(canonicalRules([much])).toEqual([much]);
  });
});

describe('a partition', () => {
  const pairs = (rules: readonly LinkRule[]) =>
    rules.map(({ from, to }) => `${from[9]}${to[9]}`).sort();

  test('LINK-4 parts each two nodes of different groups, both ways, in its style', () => {
    const rules = partition([[a, b], [c]], 'cut');
    expect(pairs(rules)).toEqual(['13', '23', '31', '32']);
    expect(rules.every(({ cut }) => cut === true)).toBe(true);
    expect(partition([[a], [b]], 'blackhole')).toEqual([
      { from: a, to: b, blackhole: true },
      { from: b, to: a, blackhole: true },
    ]);
  });

  test('LINK-4 a node in two groups is a bridge, and one in no group keeps its links', () => {
    expect(pairs(partition([[a, b], [b, c]], 'cut'))).toEqual(['13', '31']); // prettier-ignore
    expect(pairs(partition([[a, a], [], [d]], 'cut'))).toEqual(['14', '41']); // prettier-ignore
  });

  test('LINK-4 its rules pass the schema', () => {
    const rules = partition([[a], [b], [c, d]], 'blackhole');
    expect(v.is(rulesDocumentSchema, { version: 1, rules })).toBe(true);
  });
});
