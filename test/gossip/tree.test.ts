import { describe, expect, test } from 'vitest';
import { HAVE_AFTER_MS } from '../../src/gossip/announcements.ts';
import type { Kind } from '../../src/gossip/messages.ts';
import { surplusLinks } from '../../src/gossip/surplus-links.ts';
import { GRAFT_AFTER_MS, NEXT_GRAFT_AFTER_MS } from '../../src/gossip/wanted.ts';
import { treeCost } from '../bench/theory/tree-cost.ts';
import { testNodeId } from '../support/node-ids.ts';
import { ALONE, gossipCluster, type Arrived } from './gossip-cluster.ts';

const [a, b] = [testNodeId(1), testNodeId(2)];

/** Time for a few hops of a millisecond each, and not for a hint. */
const HOPS_MS = 50;

const wayOf = ({ from, to }: Arrived) => `${from}>${to}`;

/** A ring of four: whatever 0 says comes to 2 over both sides. */
function ring(choices = ALONE) {
  const made = gossipCluster(4, { choices });
  made.link([0, 1], [1, 2], [2, 3], [3, 0]);
  const ways = (type: string) =>
    made.arrived.filter(({ message }) => message.type === type).map(wayOf);
  const say = (node: number, text = 'hi') => {
    made.arrived.length = 0;
    made.at(node).broadcast(text);
    made.cluster.time.runFor(HOPS_MS);
  };
  return { ...made, ways, say };
}

describe('TREE-1 in a full mesh', () => {
  test('the first broadcast of each node costs N - 1 messages of one hop, and so does every other', () => {
    const { cluster, at, kinds, delivered, arrived } = gossipCluster(6);
    cluster.linkAll();
    cluster.time.runFor(HOPS_MS);
    arrived.length = 0;
    for (const round of [1, 2]) {
      for (let node = 0; node < 6; node++) at(node).broadcast(round);
      cluster.time.runFor(HOPS_MS);
    }
    expect(kinds()['tell']).toBe(2 * 6 * 5);
    expect(kinds()['prune']).toBeUndefined();
    for (const mine of delivered) expect(mine.map(({ hops }) => hops).sort()).toEqual([0, 0, ...Array(10).fill(1)]); // prettier-ignore
  });

  test('who comes later is told once, and who else is told is said again, once', () => {
    const { at, link, cluster, arrived } = gossipCluster(4);
    link([0, 1], [0, 2], [1, 2]);
    at(0).broadcast('before');
    cluster.time.runFor(HOPS_MS);
    link([0, 3], [1, 3], [2, 3]);
    arrived.length = 0;
    for (const text of ['after', 'again']) {
      at(0).broadcast(text);
      cluster.time.runFor(HOPS_MS);
    }
    const tells = arrived.flatMap(({ message }) => (message.type === 'tell' ? [message] : []));
    expect(tells.map(({ broadcasts: [told] }) => told!.told.length)).toEqual([3, 3, 3, 0, 0, 0]);
  });
});

test('TREE-2 in any graph a tree is found by the first broadcast, and then costs N - 1', () => {
  const cost = treeCost({ nodes: 12, degree: 4, broadcasts: 24, seeds: 3 });
  expect(cost.reached).toBe(1);
  expect(cost.firstPayloadPerBroadcast).toBeGreaterThan(11);
  expect(cost.payloadPerBroadcast).toBe(cost.theory);
});

describe('TREE-3 of two links that bring the same', () => {
  const link = (id = a, hops = 2, isLeaving = false) => ({ id, hops, isLeaving });

  test('one is pruned, and the other brings the next broadcast alone', () => {
    const { say, ways, payloads } = ring();
    say(0, 'first');
    expect(ways('prune').sort()).toEqual(['2>3', '3>2']);
    say(0, 'second');
    expect(ways('tell').sort()).toEqual(['0>1', '0>3', '1>2']);
    expect(ways('prune')).toEqual([]);
    expect([0, 1, 2, 3].map(payloads)).toEqual(Array(4).fill(['first', 'second']));
  });

  test('the last one is never pruned', () => {
    expect(surplusLinks(null, link(b))).toEqual([]);
    expect(surplusLinks(link(a), link(a))).toEqual([]);
    // What comes over links that were pruned already was under way: there must be another one.
    expect(surplusLinks(link(a, 1, true), link(b, 9))).toEqual([a]);
    expect(surplusLinks(link(a, 9), link(b, 1, true))).toEqual([b]);
    expect(surplusLinks(link(a, 1, true), link(b, 1, true))).toEqual([]);
  });

  test('TREE-4 the shorter way stays, of two equal ones the earlier', () => {
    expect(surplusLinks(link(a, 2), link(b, 2))).toEqual([b]);
    expect(surplusLinks(link(a, 2), link(b, 3))).toEqual([b]);
    expect(surplusLinks(link(a, 3), link(b, 2))).toEqual([a]);
  });

  test('a link that brings what a comparison has brought before is the only one, and stays', () => {
    const { at, cluster, ways, say, delivered } = ring();
    const origin = cluster.members[0]!.id;
    const told = { origin, life: 1, sequence: 1, payload: 'hi', after: [], hops: 0, told: [] };
    const repair = { type: 'repair' as const, broadcasts: [told], more: false, lost: [] };
    at(2).receive(cluster.members[3]!.id, repair);
    say(0, 'hi');
    // Both sides bring it after that: the first of them stays.
    expect(ways('prune')).toEqual(['2>3']);
    say(0, 'second');
    expect(delivered[2]!.map(({ by }) => by)).toEqual(['repair', 'eager']);
  });
});

test('TREE-4 an origin tells all of its neighbours, whatever they ask for', () => {
  const { at, cluster, say, ways } = ring();
  const origin = cluster.members[0]!.id;
  at(0).receive(cluster.members[1]!.id, { type: 'prune', origins: [origin] });
  say(0);
  expect(ways('tell').filter((way) => way.startsWith('0>'))).toEqual(['0>1', '0>3']);
});

describe('TREE-5 hints', () => {
  const hints = (arrived: readonly Arrived[]) =>
    arrived.filter(({ message }) => message.type === 'have');

  test('go to one lazy neighbour in turn where comparisons stand behind, all in one message', () => {
    const { cluster, at, arrived } = gossipCluster(5);
    cluster.linkAll();
    for (const text of ['a', 'b', 'c']) at(0).broadcast(text);
    cluster.time.runFor(HAVE_AFTER_MS + HOPS_MS);
    const first = hints(arrived);
    // One of each of the four that were told, about all three.
    expect(first.map(({ from }) => from).sort()).toEqual([1, 2, 3, 4]);
    for (const { message } of first) {
      expect((message as Kind<'have'>).runs).toMatchObject([{ first: 1, last: 3 }]);
    }
    at(0).broadcast('d');
    cluster.time.runFor(HAVE_AFTER_MS + HOPS_MS);
    const second = hints(arrived).slice(4);
    for (const { from, to } of second) {
      expect(first.find((hint) => hint.from === from)!.to).not.toBe(to);
    }
  });

  test('go to all lazy neighbours without comparisons', () => {
    const { cluster, at, arrived } = gossipCluster(5, { choices: ALONE });
    cluster.linkAll();
    at(0).broadcast('a');
    cluster.time.runFor(HAVE_AFTER_MS + HOPS_MS);
    expect(hints(arrived).map(wayOf).sort()).toHaveLength(4 * 3);
  });
});

describe('TREE-6 what was hinted at and has not come', () => {
  /** 1 hears nothing from 0, and has 2 and 3, who do. */
  function swallowed() {
    const made = gossipCluster(4, { choices: ALONE });
    made.cluster.linkAll();
    const [from, to] = made.cluster.members.map(({ id }) => id) as [typeof a, typeof b];
    made.cluster.setRules([{ from, to, blackhole: true }]);
    made.at(0).broadcast('hi');
    made.cluster.time.runFor(HAVE_AFTER_MS + HOPS_MS);
    return made;
  }

  test('is asked for after a while, of one of those who hinted, and comes by GRAFT', () => {
    const { cluster, arrived, delivered, notes, payloads } = swallowed();
    expect(payloads(1)).toEqual([]);
    cluster.time.runFor(GRAFT_AFTER_MS + HOPS_MS);
    expect(delivered[1]).toMatchObject([{ payload: 'hi', by: 'graft', hops: 2 }]);
    expect(arrived.filter(({ message }) => message.type === 'graft')).toHaveLength(1);
    expect(notes('graft')).toMatchObject([{ node: 1, detail: { origins: 1, runs: 1 } }]);
  });

  test('then comes eagerly over that link', () => {
    const { cluster, at, delivered } = swallowed();
    cluster.time.runFor(GRAFT_AFTER_MS + HOPS_MS);
    at(0).broadcast('again');
    cluster.time.runFor(HOPS_MS);
    expect(delivered[1]!.map(({ by }) => by)).toEqual(['graft', 'eager']);
  });

  test('is asked of the next who hinted, if the first is silent', () => {
    const { cluster, delivered, arrived } = swallowed();
    const [, one, two, three] = cluster.members.map(({ id }) => id);
    const first = arrived.find(({ to, message }) => to === 1 && message.type === 'have')!.from;
    const rules = [cluster.members[0]!.id, [one, two, three][first - 1]!];
    cluster.setRules(rules.map((from) => ({ from, to: one!, blackhole: true })));
    cluster.time.runFor(GRAFT_AFTER_MS + HOPS_MS);
    expect(delivered[1]).toEqual([]);
    cluster.time.runFor(NEXT_GRAFT_AFTER_MS + GRAFT_AFTER_MS);
    expect(delivered[1]).toMatchObject([{ by: 'graft' }]);
  });
});

describe('TREE-7 links', () => {
  test('when one closes that brought the news, others that have it take its place at once', () => {
    const { say, cluster, ways, delivered, notes } = ring();
    say(0, 'first');
    say(0, 'second');
    cluster.unlink(1, 2);
    cluster.time.runFor(HOPS_MS);
    expect(notes('graft')).toMatchObject([{ node: 2, detail: { origins: 1, runs: 0 } }]);
    say(0, 'third');
    expect(ways('tell').sort()).toEqual(['0>1', '0>3', '3>2']);
    expect(delivered[2]!.map(({ by }) => by)).toEqual(['eager', 'eager', 'eager']);
  });

  test('a new one is eager', () => {
    const { say, link, delivered } = ring();
    say(0, 'first');
    link([1, 3]);
    say(0, 'second');
    expect(delivered.map((mine) => mine.length)).toEqual([2, 2, 2, 2]);
    expect(delivered[3]!.at(-1)).toMatchObject({ hops: 1 });
  });
});
