import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choose, chooseIndexes } from '../../src/gossip/choose.ts';
import type { GossipChoices } from '../../src/gossip/gossip.ts';
import { HotRumours } from '../../src/gossip/hot-rumours.ts';
import { MAX_HOT, ROUND_MS } from '../../src/gossip/rumour.ts';
import { Random } from '../../src/simulator/random.ts';
import { rumourRounds } from '../bench/theory/rumour-rounds.ts';
import { ALONE, countOf, gossipCluster, LONG_MS } from './gossip-cluster.ts';

const PUSH: Partial<GossipChoices> = {
  ...ALONE,
  ...{ spread: 'rumour', rumourStyle: 'push', rumourFanout: 2, rumourRounds: 3 },
};

describe('chance', () => {
  test('RUMOUR-1 picks different ones, as many as are asked for and there are', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.nat(12), fc.integer(), (count, size, seed) => {
        const chosen = chooseIndexes(count, size, new Random(seed).next);
        expect(new Set(chosen).size).toBe(Math.min(count, size));
        for (const index of chosen) expect(index >= 0 && index < size).toBe(true);
      }),
    );
  });

  test('RUMOUR-1 picks each set as often as any other', () => {
    const random = new Random('choose');
    const sets = Array.from({ length: 6_000 }, () =>
      choose(2, ['a', 'b', 'c', 'd'], random.next).sort().join(''),
    );
    const counts = Object.values(countOf(sets));
    expect(counts).toHaveLength(6);
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });
});

describe('what is hot', () => {
  test('RUMOUR-1 goes cold after so many rounds, each rumour after its own', () => {
    const hot = new HotRumours<string>(2, 10);
    hot.add('a');
    hot.age();
    hot.add('b');
    expect(hot.all()).toEqual(['a', 'b']);
    hot.age();
    expect(hot.all()).toEqual(['b']);
    hot.age();
    expect(hot.all()).toEqual([]);
  });

  test('RUMOUR-1 is bounded: the oldest goes cold', () => {
    const hot = new HotRumours<number>(2, 2);
    for (const rumour of [1, 2, 3]) hot.add(rumour);
    expect(hot.all()).toEqual([2, 3]);
    const { at } = gossipCluster(1, { choices: PUSH });
    for (let n = 0; n <= MAX_HOT; n++) at(0).broadcast(n);
    expect(at(0).inspect().spread).toMatchObject({ hot: MAX_HOT });
  });
});

describe('RUMOUR-1 push', () => {
  test('tells the fanout in each of its rounds, and is silent then', () => {
    const { cluster, at, arrived } = gossipCluster(8, { choices: PUSH });
    cluster.linkAll();
    at(0).broadcast('hi');
    cluster.time.runFor(LONG_MS);
    const told = arrived.filter(({ from, message }) => from === 0 && message.type === 'tell');
    expect(told.map(({ at: time }) => Math.floor(time / ROUND_MS))).toEqual([1, 1, 2, 2, 3, 3]);
    for (const round of [0, 2, 4]) expect(told[round]!.to).not.toBe(told[round + 1]!.to);
    expect(arrived.every(({ message }) => message.type === 'tell')).toBe(true);
  });

  test('RUMOUR-4 misses someone with few rounds, and comparisons find them', () => {
    const missedBy = (antiEntropy: boolean) => {
      const choices = { ...PUSH, rumourFanout: 1, rumourRounds: 2, antiEntropy };
      const { cluster, at, delivered } = gossipCluster(12, { choices });
      cluster.linkAll();
      at(0).broadcast('hi');
      cluster.time.runFor(LONG_MS);
      return delivered.filter((mine) => mine.length === 0).length;
    };
    expect(missedBy(false)).toBeGreaterThan(0);
    expect(missedBy(true)).toBe(0);
  });
});

test('RUMOUR-2 pull asks some in each round, and is told what it has not heard', () => {
  const choices = { ...PUSH, rumourStyle: 'pull' as const, rumourFanout: 1 };
  const { cluster, at, arrived, delivered } = gossipCluster(3, { choices });
  cluster.linkAll();
  at(0).broadcast('hi');
  cluster.time.runFor(3 * ROUND_MS + 10);
  const asks = arrived.filter(({ message }) => message.type === 'ask');
  expect(asks).toHaveLength(3 * 3);
  const tells = arrived.filter(({ message }) => message.type === 'tell');
  expect(tells.length).toBe(delivered.flat().length - 1);
  expect(tells.length).toBeGreaterThan(0);
  expect(delivered[1]).toMatchObject([{ by: 'rumour' }]);
});

test('RUMOUR-3 push-pull does both', () => {
  const choices = { ...PUSH, rumourStyle: 'push-pull' as const };
  const { cluster, at, arrived } = gossipCluster(2, { choices });
  cluster.linkAll();
  at(0).broadcast('hi');
  cluster.time.runFor(ROUND_MS + 10);
  // 0 pushes it and is asked for it, in one round.
  const ways = arrived.map(({ from, message }) => `${message.type} of ${from}`);
  expect(ways.sort()).toEqual(['ask of 0', 'ask of 1', 'tell of 0', 'tell of 0']);
});

test('RUMOUR-5 push takes about log2 N + ln N rounds, and with loss about what theory says', () => {
  const load = { nodes: 300, style: 'push' as const, fanout: 1, seeds: 20 };
  for (const loss of [0, 0.5]) {
    const { rounds, reached, theoryWithLoss } = rumourRounds({ ...load, loss });
    expect(reached).toBe(1);
    expect(Math.abs(rounds / theoryWithLoss - 1)).toBeLessThan(0.15);
  }
  // Told a few times only, it misses someone.
  expect(rumourRounds({ ...load, loss: 0, rounds: 2 }).reached).toBeLessThan(1);
});
