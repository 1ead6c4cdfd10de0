import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { compose, conditionsOf, type Conditions } from '../../src/network/conditions.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { applyChange } from '../../src/network/network-change.ts';
import {
  MAX_DOCUMENT_CHARACTERS,
  networkChangeSchema,
  networkDocumentSchema,
  UNTOUCHED,
  type NetworkChange,
  type NetworkDocument,
} from '../../src/network/network-document.ts';
import type { NodeCondition } from '../../src/network/node-condition.ts';
import { DEFAULT_CHOICES, type SomeChoices } from '../../src/network/room-choices.ts';
import { canonicalRules, LinkRules, MAX_RULES } from '../../src/network/rules-document.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { MAX_CAPACITY } from '../../src/wire/signaling-limits.ts';
import { testNodeId } from '../support/node-ids.ts';
import { rule } from './measure.ts';

const IDS = [1, 2, 3, 4, 5].map(testNodeId);
const [a, b, , d, e] = IDS as [NodeId, NodeId, NodeId, NodeId, NodeId];
const CLASS = new Map(IDS.map((id, i) => [id, `Animal ${i}`]));

function changed(before: NetworkDocument, change: NetworkChange, nodes = CLASS): NetworkDocument {
  const outcome = applyChange(before, change, nodes, before.version + 1_000);
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.document;
}

function refused(before: NetworkDocument, change: NetworkChange, nodes = CLASS) {
  const outcome = applyChange(before, change, nodes, 0);
  return outcome.ok ? outcome : { code: outcome.code, message: outcome.message };
}

const links = (...rules: LinkRule[]): NetworkChange => ({ do: 'links', rules });
const node = (condition: NodeCondition): NetworkChange => ({ do: 'node', condition });
const restore = (version: number, before: NetworkDocument): NetworkChange => {
  const { rules, conditions, choices } = before;
  return { do: 'restore', version, rules, conditions, choices };
};

/** What befalls each direction of the class: undefined is nothing. */
function directions(document: NetworkDocument): ReadonlyMap<string, Conditions | undefined> {
  const rules = new LinkRules(document);
  const pairs = IDS.flatMap((from) => IDS.map((to) => [from, to] as const));
  return new Map(pairs.map(([from, to]) => [`${from} ${to}`, rules.conditions(from, to)]));
}

const id = fc.constantFrom(...IDS);
const faults = fc.record(
  {
    cut: fc.boolean(),
    blackhole: fc.boolean(),
    latencyMs: fc.constantFrom(0, 50, 200),
    loss: fc.constantFrom(0, 0.2, 1),
    duplicate: fc.constantFrom(0, 0.1),
  },
  { requiredKeys: [] },
);
const someRule: fc.Arbitrary<LinkRule> = fc
  .tuple(id, id, faults)
  .filter(([from, to]) => from !== to)
  .map(([from, to, more]) => ({ from, to, ...more }));
const someRules = fc.array(someRule, { minLength: 1, maxLength: 8 });
const someGroups = fc.array(fc.array(id, { maxLength: 4 }), { minLength: 1, maxLength: 4 });
const someCondition: fc.Arbitrary<NodeCondition> = fc.record(
  {
    id,
    unplugged: fc.boolean(),
    wallOffsetMs: fc.constantFrom(-5_000, 0, 5_000),
    slowMs: fc.constantFrom(0, 20),
  },
  { requiredKeys: ['id'] },
);
const someChange: fc.Arbitrary<NetworkChange> = fc.oneof(
  someRules.map((rules) => ({ do: 'links', rules }) as const),
  fc
    .record({ groups: someGroups, style: fc.constantFrom('cut' as const, 'blackhole' as const) })
    .map((rest) => ({ do: 'partition', ...rest }) as const),
  fc.constant({ do: 'heal' } as const),
  someCondition.map(node),
);
/** A document as a lesson may have made it. */
const someDocument = fc
  .array(someChange, { maxLength: 6 })
  .map((changes) => changes.reduce<NetworkDocument>((was, next) => changed(was, next), UNTOUCHED));

describe('a change', () => {
  test('NET-1 makes the next version, or none if nothing is another then', () => {
    fc.assert(
      fc.property(someDocument, someChange, (before, change) => {
        const written = JSON.stringify(before);
        const after = changed(before, change);
        const same = JSON.stringify([after.rules, after.conditions]) ===
          JSON.stringify([before.rules, before.conditions]); // prettier-ignore
        if (same) expect(after).toBe(before);
        else
          expect(after).toMatchObject({ version: before.version + 1, at: before.version + 1_000 });
        expect(JSON.stringify(before)).toBe(written);
        expect(changed(after, change), 'said twice').toBe(after);
      }),
    );
  });

  test('NET-9 leaves a document in the one writing, which passes the schema of documents', () => {
    fc.assert(
      fc.property(someDocument, (document) => {
        expect(v.parse(networkDocumentSchema, document)).toEqual(document);
        const ids = document.conditions.map((condition) => condition.id);
        expect(ids).toEqual([...new Set(ids)].sort());
        const again = { ...document, rules: document.rules.toReversed() };
        const { rules } = changed(again, node({ id: a, slowMs: 77 }));
        expect(rules).toEqual(document.rules);
      }),
    );
  });

  test('NET-2 links replaces what was said about the directions it names, and nothing else', () => {
    fc.assert(
      fc.property(someDocument, someRules, (before, rules) => {
        const expected = new Map(directions(before));
        for (const { from, to } of rules) expected.set(`${from} ${to}`, undefined);
        // Lists within conditions keep the order of the one writing, so they are composed in it.
        for (const each of canonicalRules(rules)) {
          const key = `${each.from} ${each.to}`;
          const so = expected.get(key);
          expected.set(key, so ? compose(so, conditionsOf(each)) : conditionsOf(each));
        }
        const after = changed(before, { do: 'links', rules });
        expect(directions(after)).toEqual(expected);
        expect(after.conditions).toEqual(before.conditions);
      }),
    );
  });

  test('NET-2 several rules for one direction are all kept, and one that says nothing clears it', () => {
    const first = changed(UNTOUCHED, links(rule({ loss: 0.5 }), rule({ loss: 0.5 }), rule({ cut: true }, 2, 1))); // prettier-ignore
    expect(first.rules).toHaveLength(3);
    const second = changed(first, links(rule({}), rule({ loss: 0 }, 3, 1)));
    expect(second.rules).toEqual([rule({ cut: true }, 2, 1)]);
  });

  test('NET-3 partition closes and opens links among the nodes it names, and leaves all else', () => {
    // What rules compose to does not depend on their order, but the order of its lists does.
    const inOrder = <Item>(list: readonly Item[]) =>
      list.map((item) => JSON.stringify(item)).sort();
    const without = ({ cut: _c, blackhole: _b, latencies, losses, ...rest }: Conditions) => ({
      ...rest,
      latencies: inOrder(latencies),
      losses: inOrder(losses),
    });
    fc.assert(
      fc.property(someDocument, someGroups, fc.constantFrom('cut' as const, 'blackhole' as const), (before, groups, style) => {
        const after = changed(before, { do: 'partition', groups, style });
        const named = new Set(groups.flat());
        const [was, is] = [directions(before), directions(after)];
        for (const from of IDS)
          for (const to of IDS) {
            const [old, now] = [was.get(`${from} ${to}`), is.get(`${from} ${to}`)];
            if (from === to || !named.has(from) || !named.has(to)) {
              expect(now).toEqual(old);
              continue;
            }
            const together = groups.some((group) => group.includes(from) && group.includes(to));
            expect(now?.cut ?? false).toBe(!together && style === 'cut');
            expect(now?.blackhole ?? false).toBe(!together && style === 'blackhole');
            const rest = without(conditionsOf({ from, to }));
            expect(now ? without(now) : rest).toEqual(old ? without(old) : rest);
          }
        expect(after.conditions).toEqual(before.conditions);
      }), // prettier-ignore
    );
  });

  test('NET-4 heal clears all rules of all links, and no condition', () => {
    fc.assert(
      fc.property(someDocument, (before) => {
        const after = changed(before, { do: 'heal' });
        expect(after.rules).toEqual([]);
        expect(after.conditions).toEqual(before.conditions);
      }),
    );
  });

  test('NET-5 node replaces the fields it names; 0 and false clear theirs', () => {
    const steps: [NodeCondition, NodeCondition[]][] = [
      [{ id: b, slowMs: 20, unplugged: true }, [{ id: b, slowMs: 20, unplugged: true }]],
      [
        { id: a, wallOffsetMs: -5 },
        [
          { id: a, wallOffsetMs: -5 },
          { id: b, slowMs: 20, unplugged: true },
        ],
      ],
      [
        { id: b, unplugged: false, driftPpm: 9 },
        [
          { id: a, wallOffsetMs: -5 },
          { id: b, driftPpm: 9, slowMs: 20 },
        ],
      ],
      [{ id: a, wallOffsetMs: 0 }, [{ id: b, driftPpm: 9, slowMs: 20 }]],
      [{ id: b, driftPpm: 0, slowMs: 0 }, []],
    ];
    let document = changed(UNTOUCHED, links(rule({ cut: true })));
    for (const [condition, expected] of steps) {
      document = changed(document, node(condition));
      expect(document.conditions).toEqual(expected);
      expect(document.rules).toEqual([rule({ cut: true })]);
    }
    expect(document.version).toBe(6);
  });

  test('NET-6 restore puts back what was, if nothing has happened since', () => {
    fc.assert(
      fc.property(someDocument, someChange, (before, change) => {
        const after = changed(before, change);
        const back = changed(after, restore(after.version, before));
        expect([back.rules, back.conditions]).toEqual([before.rules, before.conditions]);
        expect(back.version).toBe(after === before ? before.version : before.version + 2);
      }),
    );
    const after = changed(UNTOUCHED, links(rule({ cut: true })));
    for (const version of [0, 2])
      expect(refused(after, restore(version, UNTOUCHED))).toMatchObject({
        code: 'changed-meanwhile',
      });
  });
});

describe('NET-12 choices', () => {
  const choose = (choices: SomeChoices): NetworkChange => ({ do: 'choose', choices });

  test('what is named is chosen, and all else stays', () => {
    const laid = changed(UNTOUCHED, links(rule({ loss: 0.1 })));
    const phi = changed(laid, choose({ detector: 'phi' }));
    const small = changed(phi, choose({ activeView: 3, relay: true }));
    expect(small).toMatchObject({ version: 3, rules: laid.rules });
    expect(small.choices).toEqual({ ...DEFAULT_CHOICES, detector: 'phi', activeView: 3, relay: true }); // prettier-ignore
    expect(changed(small, { do: 'heal' }).choices).toEqual(small.choices);
  });

  test('what is chosen already is no change', () => {
    expect(changed(UNTOUCHED, choose({ detector: DEFAULT_CHOICES.detector }))).toBe(UNTOUCHED);
    expect(changed(UNTOUCHED, choose({}))).toBe(UNTOUCHED);
  });

  test('NET-7 only a node of the room can be called, and nobody calls one that has left', () => {
    expect(refused(UNTOUCHED, choose({ service: testNodeId(9) }))).toMatchObject({
      code: 'unknown-node',
      message: expect.stringContaining(testNodeId(9)),
    });
    const called = changed(UNTOUCHED, choose({ service: b, callsPerSecond: 9 }));
    expect(called.choices).toEqual({ ...DEFAULT_CHOICES, service: b, callsPerSecond: 9 });
    const left = new Map([...CLASS].filter(([id]) => id !== b));
    const { choices } = changed(called, choose({ retries: 'naive' }), left);
    expect(choices).toEqual({ ...called.choices, service: null, retries: 'naive' });
  });

  test('NET-7 only nodes of the room switch and vote', () => {
    const election = { algorithm: 'bully', turn: 1, by: { id: b, life: 1 } } as const;
    const switched = changed(UNTOUCHED, choose({ election, electionVoters: [a, b] }));
    expect(switched.choices).toMatchObject({ election, electionVoters: [a, b] });
    const strange = { ...election, by: { id: testNodeId(9), life: 1 } };
    const setting = {
      ...{ turn: 1, by: { id: a, life: 1 }, nodes: [a, testNodeId(9)] },
      ...({ n: 1, r: 1, w: 1, sloppy: false, repair: 'none', rule: 'lww' } as const),
    };
    const registers = { setting, load: null };
    for (const choices of [
      { election: strange },
      { electionVoters: [a, testNodeId(9)] },
      { registers },
    ])
      expect(refused(UNTOUCHED, choose(choices))).toMatchObject({ code: 'unknown-node' });
  });

  test('an election that was begun is not taken back: nodes elect by the newest choice', () => {
    const election = { algorithm: 'naive', turn: 2, by: { id: a, life: 1 } } as const;
    const after = changed(UNTOUCHED, choose({ election, electionSlowness: 4 }));
    expect(changed(after, restore(1, UNTOUCHED)).choices).toEqual({ ...DEFAULT_CHOICES, election });
  });

  test('taken back, the old ones hold again', () => {
    const after = changed(UNTOUCHED, choose({ spread: 'flood', antiEntropy: false }));
    expect(changed(after, restore(1, UNTOUCHED)).choices).toEqual(DEFAULT_CHOICES);
  });
});

describe('nodes come and go', () => {
  const stranger = testNodeId(9);

  test.each<[string, NetworkChange]>([
    ['links', links(rule({ cut: true }), rule({ cut: true }, 9, 1))],
    ['links', links(rule({ cut: true }, 1, 9))],
    ['partition', { do: 'partition', groups: [[a], [b, stranger]], style: 'cut' }],
    ['node', node({ id: stranger, slowMs: 5 })],
  ])('NET-7 %s for a node without a seat is refused with its id', (_what, change) => {
    const { code, message } = refused(UNTOUCHED, change) as { code: string; message: string };
    expect(code).toBe('unknown-node');
    expect(message).toContain(stranger);
  });

  test('NET-7 what was said of a node that has left goes with the next change, even one that heals nothing else', () => {
    const laid = changed(UNTOUCHED, links(rule({ cut: true }, 1, 5), rule({ loss: 0.1 }, 1, 2)));
    const before = changed(laid, node({ id: e, slowMs: 3 }));
    const left = new Map([...CLASS].filter(([each]) => each !== e));
    const after = changed(before, node({ id: d, slowMs: 3 }), left);
    expect(after.rules).toEqual([rule({ loss: 0.1 }, 1, 2)]);
    expect(after.conditions).toEqual([{ id: d, slowMs: 3 }]);
    const only = changed(UNTOUCHED, links(rule({ cut: true }, 5, 1)));
    expect(changed(only, { do: 'heal' }, left)).toMatchObject({ version: 2, rules: [] });
    expect(changed(after, restore(after.version, before), left).rules).toEqual(after.rules);
  });
});

describe('limits', () => {
  const FULL = Array.from({ length: MAX_CAPACITY }, (_, i) => testNodeId(i));
  const full = new Map(FULL.map((each) => [each, each as string]));
  const everyDirection = (more: Omit<LinkRule, 'from' | 'to'>): LinkRule[] =>
    FULL.flatMap((from) => FULL.flatMap((to) => (from === to ? [] : [{ from, to, ...more }])));
  const halves: NetworkChange = {
    do: 'partition',
    groups: [FULL.slice(0, 30), FULL.slice(30)],
    style: 'cut',
  };

  test('NET-8 the fullest room takes a rich rule for every direction and a partition besides, and all can be taken back', () => {
    const rich = { latencyMs: 200, jitterMs: 50, loss: 0.2, lossBurst: 4, bytesPerSecond: 50_000, queueBytes: 64_000 }; // prettier-ignore
    const slowed = changed(UNTOUCHED, links(...everyDirection(rich)), full);
    const split = changed(slowed, halves, full);
    expect(split.rules).toHaveLength(60 * 59 + 2 * 30 * 30);
    expect(v.is(networkDocumentSchema, split)).toBe(true);
    const back = restore(split.version, slowed);
    expect(v.is(networkChangeSchema, back)).toBe(true);
    expect(changed(split, back, full).rules).toEqual(slowed.rules);
  });

  test('NET-8 more rules, or longer ones, than a room takes are refused and change nothing', () => {
    const two = [...everyDirection({ loss: 0.1 }), ...everyDirection({ latencyMs: 5 })];
    const before = changed(UNTOUCHED, links(...two), full);
    expect(before.rules).toHaveLength(MAX_RULES);
    expect(refused(before, halves, full)).toMatchObject({ code: 'too-many-rules' });

    const long = { latencyMs: 200.123456789, jitterMs: 50.123456789, loss: 0.123456789, duplicate: 0.123456789, reorder: 0.123456789, corrupt: 0.123456789 }; // prettier-ignore
    const much = everyDirection(long).concat(everyDirection(long));
    expect(JSON.stringify(much).length).toBeGreaterThan(MAX_DOCUMENT_CHARACTERS);
    expect(refused(UNTOUCHED, links(...much), full)).toMatchObject({ code: 'too-many-rules' });
  });
});
