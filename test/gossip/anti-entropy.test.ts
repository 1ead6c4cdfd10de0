import { describe, expect, test } from 'vitest';
import { PERIOD_MS, SLOWEST_PERIOD_MS } from '../../src/gossip/anti-entropy.ts';
import { GIVEN_UP_AFTER_MS } from '../../src/gossip/broadcast-store.ts';
import { MAX_TOGETHER_BYTES, type Kind } from '../../src/gossip/messages.ts';
import { MAX_KEPT } from '../../src/gossip/retention.ts';
import { encodedBytes } from '../../src/wire/plain-copy.ts';
import { countOf, gossipCluster, LONG_MS, type Arrived } from './gossip-cluster.ts';

const HOPS_MS = 50;

const of = <Type extends Arrived['message']['type']>(arrived: readonly Arrived[], type: Type) =>
  arrived.filter(({ message }) => message.type === type) as (Arrived & { message: Kind<Type> })[];

describe('ENTROPY-1 neighbours that have heard the same', () => {
  test('spend one small message', () => {
    const { cluster, at, arrived } = gossipCluster(2);
    cluster.linkAll();
    at(0).broadcast('hi');
    cluster.time.runFor(PERIOD_MS);
    arrived.length = 0;
    cluster.time.runFor(LONG_MS);
    expect(Object.keys(countOf(arrived.map(({ message }) => message.type)))).toEqual(['summary']);
    expect(encodedBytes(arrived[0]!.message)).toBeLessThan(32);
  });

  test('give the same number, in whatever order they heard it', () => {
    const { at, cluster, link, kinds } = gossipCluster(3);
    at(0).broadcast('a');
    at(2).broadcast('b');
    link([0, 1], [1, 2]);
    cluster.time.runFor(LONG_MS);
    const digests = kinds()['digest'];
    cluster.time.runFor(LONG_MS);
    expect(kinds()['digest']).toBe(digests);
  });
});

describe('ENTROPY-2 neighbours that have not', () => {
  test('both get what they lack, what the other has said itself included', () => {
    const { at, cluster, link, payloads, delivered, notes } = gossipCluster(2);
    at(0).broadcast('a');
    at(1).broadcast('b');
    at(1).broadcast('c');
    link([0, 1]);
    cluster.time.runFor(PERIOD_MS);
    expect([payloads(0), payloads(1)]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
    ]);
    expect(delivered[0]!.map(({ by, hops }) => [by, hops])).toEqual([
      ['origin', 0],
      ['repair', 1],
      ['repair', 1],
    ]);
    expect(notes('repair')).toMatchObject([
      { node: 0, detail: { broadcasts: 2 } },
      { node: 1, detail: { broadcasts: 1 } },
    ]);
  });

  test('gaps are asked for and nothing else', () => {
    const { at, cluster, link, arrived, index } = gossipCluster(2);
    link([0, 1]);
    const [from, to] = cluster.members.map(({ id }) => id) as [never, never];
    for (const isLost of [false, true, false, true, true, false]) {
      cluster.setRules(isLost ? [{ from, to, blackhole: true }] : []);
      at(0).broadcast('x');
      cluster.time.runFor(HOPS_MS);
    }
    cluster.time.runFor(LONG_MS);
    const wants = of(arrived, 'want').flatMap(({ message }) => message.runs);
    expect(wants.map(({ origin, first, last }) => [index(origin), first, last])).toEqual([
      [0, 2, 2],
      [0, 4, 5],
    ]);
  });
});

describe('ENTROPY-3 nothing is asked for twice', () => {
  test('by one who lacks it, however many neighbours have it', () => {
    const { cluster, at, link, arrived } = gossipCluster(6);
    for (let i = 0; i < 5; i++) for (let j = 0; j < i; j++) link([i, j]);
    for (let n = 0; n < 50; n++) at(n % 5).broadcast(n);
    cluster.time.runFor(LONG_MS);
    arrived.length = 0;
    link([5, 0], [5, 1], [5, 2], [5, 3], [5, 4]);
    cluster.time.runFor(LONG_MS);
    const came = of(arrived, 'repair').flatMap(({ message }) => message.broadcasts);
    expect(came).toHaveLength(50);
  });

  test('nor what comes over an eager link just then', () => {
    const slow = gossipCluster(2, { delay: () => 40 });
    slow.link([0, 1]);
    for (let n = 0; n < 200; n++) {
      slow.at(n % 2).broadcast(n);
      slow.cluster.time.runFor(25);
    }
    expect(of(slow.arrived, 'digest').length).toBeGreaterThan(0);
    expect(of(slow.arrived, 'want')).toEqual([]);
  });
});

test('ENTROPY-4 an answer carries about 64 KiB, and who wants more asks on', () => {
  const { at, cluster, link, arrived, payloads } = gossipCluster(2);
  const text = 'x'.repeat(10_000);
  for (let n = 0; n < 40; n++) at(0).broadcast(`${n} ${text}`);
  link([0, 1]);
  cluster.time.runFor(PERIOD_MS);
  expect(payloads(1)).toHaveLength(40);
  const answers = of(arrived, 'repair');
  expect(answers.map(({ message }) => message.more)).toEqual([...Array(6).fill(true), false]);
  for (const { message } of answers) {
    expect(encodedBytes(message)).toBeLessThan(MAX_TOGETHER_BYTES);
  }
  expect(of(arrived, 'want')).toHaveLength(7);
});

describe('ENTROPY-5 at once', () => {
  test('neighbours compare when their link opens, and one of them begins', () => {
    const { at, cluster, link, arrived, payloads } = gossipCluster(2);
    at(0).broadcast('a');
    cluster.time.runFor(LONG_MS);
    link([0, 1]);
    cluster.time.runFor(200);
    expect(of(arrived, 'summary')).toHaveLength(1);
    expect(payloads(1)).toEqual(['a']);
  });

  test('what was repaired goes on through a chain of nodes', () => {
    const { at, cluster, link, payloads } = gossipCluster(6);
    link([0, 1], [1, 2], [2, 3], [3, 4]);
    cluster.time.runFor(LONG_MS);
    at(5).broadcast('from elsewhere');
    link([5, 0]);
    // Each hop by itself would wait for its turn, a second or four.
    cluster.time.runFor(4_000);
    expect(payloads(4)).toEqual(['from elsewhere']);
  });

  test('a node that slept compares when it wakes', () => {
    const { at, cluster, arrived } = gossipCluster(2);
    cluster.linkAll();
    cluster.time.runFor(LONG_MS);
    cluster.members[1]!.pause();
    at(0).broadcast('a');
    cluster.time.runFor(LONG_MS);
    arrived.length = 0;
    cluster.members[1]!.resume();
    cluster.time.runFor(200);
    expect(of(arrived, 'summary').some(({ from }) => from === 1)).toBe(true);
  });
});

describe('ENTROPY-6 the pace', () => {
  const paced = () => {
    const made = gossipCluster(2);
    made.cluster.linkAll();
    const inASpan = (ms: number) => {
      made.arrived.length = 0;
      made.cluster.time.runFor(ms);
      return of(made.arrived, 'summary').length;
    };
    return { ...made, inASpan };
  };

  test('slows down where all is silent', () => {
    const { inASpan } = paced();
    inASpan(LONG_MS);
    const summaries = inASpan(LONG_MS);
    expect(summaries).toBeLessThanOrEqual((2 * LONG_MS) / SLOWEST_PERIOD_MS);
    expect(summaries).toBeGreaterThan((1.6 * LONG_MS) / SLOWEST_PERIOD_MS);
  });

  test('is quick again within a second of anything new', () => {
    const { inASpan, at } = paced();
    inASpan(LONG_MS);
    at(0).broadcast('a');
    expect(inASpan(1.2 * PERIOD_MS)).toBeGreaterThanOrEqual(2);
  });
});

test('ENTROPY-7 switched off, a node neither compares nor answers who does', () => {
  const { at, cluster, link, arrived, payloads } = gossipCluster(2);
  const choices = { spread: 'tree', rumourStyle: 'push', rumourFanout: 1, rumourRounds: 1, causal: false } as const; // prettier-ignore
  at(1).use({ ...choices, antiEntropy: false });
  at(0).broadcast('a');
  link([0, 1]);
  cluster.time.runFor(LONG_MS);
  expect(arrived.every(({ from }) => from === 0)).toBe(true);
  expect(payloads(1)).toEqual([]);
  at(1).use({ ...choices, antiEntropy: true });
  cluster.time.runFor(LONG_MS);
  expect(payloads(1)).toEqual(['a']);
});

test('GOSSIP-6 what nobody keeps any more is told as missed, and the rest arrives', () => {
  const { at, cluster, link, payloads, notes } = gossipCluster(2);
  for (let n = 1; n <= MAX_KEPT + 10; n++) at(0).broadcast(n);
  link([0, 1]);
  cluster.time.runFor(PERIOD_MS);
  expect(payloads(1)).toHaveLength(MAX_KEPT);
  expect(notes('missed')).toEqual([]);
  cluster.time.runFor(GIVEN_UP_AFTER_MS + 2 * SLOWEST_PERIOD_MS);
  expect(notes('missed')).toMatchObject([{ node: 1, detail: { life: 1, count: 10 } }]);
  expect(at(1).inspect().missed).toBe(10);
});
