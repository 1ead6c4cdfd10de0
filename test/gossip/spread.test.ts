import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GossipChoices } from '../../src/gossip/gossip.ts';
import { HAVE_AFTER_MS } from '../../src/gossip/announcements.ts';
import { ALONE, gossipCluster, LONG_MS } from './gossip-cluster.ts';

/** Every strategy, as it works without comparisons; a rumour may then miss someone. */
const STRATEGIES: readonly { name: string; choices: Partial<GossipChoices>; asks: boolean }[] = [
  { name: 'tree', choices: { spread: 'tree' }, asks: false },
  { name: 'flood', choices: { spread: 'flood' }, asks: false },
  ...(['push', 'pull', 'push-pull'] as const).map((rumourStyle) => ({
    name: `rumour, ${rumourStyle}`,
    choices: { spread: 'rumour' as const, rumourStyle, rumourFanout: 2, rumourRounds: 6 },
    asks: rumourStyle !== 'push',
  })),
];

const graphs = fc.record({
  nodes: fc.integer({ min: 2, max: 8 }),
  parents: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
  extra: fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 12 }),
  origins: fc.array(fc.nat(7), { minLength: 1, maxLength: 6 }),
  seed: fc.nat(1_000),
});

describe.each(STRATEGIES)('$name', ({ choices, asks }) => {
  const isRumour = choices.spread === 'rumour';

  test('SPREAD-1 reaches every node once, over any connected graph', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, parents, extra, origins, seed }) => {
        const network = { choices: { ...choices, antiEntropy: isRumour }, seed };
        const delays = Array.from({ length: 64 }, (_, i) => 1 + ((seed * (i + 7)) % 40));
        const { at, link, cluster, delivered } = gossipCluster(nodes, {
          ...network,
          delay: (from, to) => delays[from * 8 + to]!,
        });
        for (let child = 1; child < nodes; child++) link([child, parents[child - 1]! % child]);
        for (const [a, b] of extra) if (a % nodes !== b % nodes) link([a % nodes, b % nodes]);
        const ids = origins.map((origin) => {
          cluster.time.runFor(seed % 300);
          return at(origin % nodes).broadcast(origin).id;
        });
        cluster.time.runFor(LONG_MS / 2);
        for (const mine of delivered) expect(mine.map(({ id }) => id).sort()).toEqual(ids.sort());
      }),
      { numRuns: 25 },
    );
  });

  test('SPREAD-2 is silent when there is nothing to tell', () => {
    const { at, cluster, events } = gossipCluster(5, { choices: { ...choices, ...ALONE } });
    cluster.linkAll();
    at(0).broadcast('hi');
    cluster.time.runFor(LONG_MS);
    const before = events.length;
    cluster.time.runFor(LONG_MS);
    expect(events.length > before).toBe(asks);
  });

  test('SPREAD-3 does not spread again what a comparison has found', () => {
    const { at, cluster, link, kinds, payloads } = gossipCluster(4, { choices });
    at(0).broadcast('before anybody was there');
    cluster.time.runFor(LONG_MS);
    link([0, 1], [1, 2], [2, 3]);
    cluster.time.runFor(LONG_MS);
    expect(payloads(3)).toEqual(['before anybody was there']);
    expect([kinds()['tell'], kinds()['have'], kinds()['repair']]).toEqual([
      undefined,
      undefined,
      3,
    ]);
  });

  test('SPREAD-4 what it had not finished telling is told by the next strategy', () => {
    const { at, cluster, link, payloads, delivered } = gossipCluster(3, {
      choices: { ...choices, ...ALONE },
    });
    link([0, 1], [1, 2]);
    at(0).broadcast('hi');
    cluster.time.runFor(HAVE_AFTER_MS / 10);
    for (const node of [0, 1, 2]) {
      at(node).use({
        ...{ spread: choices.spread === 'flood' ? 'tree' : 'flood', causal: false },
        ...{ rumourStyle: 'push', rumourFanout: 1, rumourRounds: 1, antiEntropy: false },
      });
    }
    cluster.time.runFor(LONG_MS);
    expect([0, 1, 2].map(payloads)).toEqual([['hi'], ['hi'], ['hi']]);
    expect(delivered.flat()).toHaveLength(3);
  });
});
