import { afterEach, describe, expect, test, vi } from 'vitest';
import { flood, type Flood } from '../../src/gossip/flood.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { floodScenario } from '../../src/simulator/scenarios/flood.ts';
import { pingScenario } from '../../src/simulator/scenarios/ping.ts';
import { storeScenario } from '../../src/simulator/scenarios/store.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { TraceHash } from '../../src/simulator/trace-hash.ts';
import { PlainBody } from '../../src/wire/plain-body.ts';

afterEach(() => vi.restoreAllMocks());

/** Where no body is plain, every message of every node goes through bytes, as between two tabs. */
function inBytes<Result>(run: () => Result): Result {
  const spy = vi.spyOn(PlainBody, 'of').mockReturnValue(undefined);
  const result = run();
  expect(spy).toHaveBeenCalled();
  spy.mockRestore();
  return result;
}

describe('SIM-11 a parcel leaves the same trace as its bytes', () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  test.each(seeds)('in every scenario under its faults, seed %i', (seed) => {
    for (const scenario of [floodScenario, pingScenario, storeScenario]) {
      const run = () => simulate(scenario as typeof floodScenario, 5, seed).hash;
      expect(run(), scenario.name).toBe(inBytes(run));
    }
  });

  const rule: Omit<LinkRule, 'from' | 'to'> = {
    duplicate: 0.3,
    corrupt: 0.3,
    reorder: 0.3,
    loss: 0.1,
  };
  test.each([
    ['without rules', {}],
    ['with damage, doubles and loss', rule],
    ['with a slow line that overflows', { bytesPerSecond: 2_000, queueBytes: 600 }],
  ])('of floods %s', (_how, rules) => {
    const run = () => {
      const hash = new TraceHash();
      const cluster = new Cluster<Flood>({
        nodes: 6,
        seed: 7,
        protocols: (node) => node.add(flood),
        trace: hash.event,
      });
      cluster.linkAll();
      const [a, b, c] = cluster.members.map(({ id }) => id) as [never, never, never];
      for (let i = 0; i < 60; i++) {
        const payload = {
          text: 'x'.repeat(i * 7),
          list: [i, -i, i / 3, null],
          ключ: '😀'.repeat(i % 2),
        };
        cluster.members[i % 6]!.protocols.broadcast(payload);
        if (i === 20)
          cluster.setRules([
            { from: a, to: b, ...rules },
            { from: b, to: c, ...rules },
          ]);
        cluster.time.runFor(3);
      }
      cluster.time.runFor(1_000);
      return hash.hex;
    };
    expect(run()).toBe(inBytes(run));
  });
});
