import * as v from 'valibot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { flood, type Flood } from '../../src/gossip/flood.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import type { Host } from '../../src/runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../src/runtime/protocol.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { floodScenario } from '../../src/simulator/scenarios/flood.ts';
import { pingScenario } from '../../src/simulator/scenarios/ping.ts';
import { storeScenario } from '../../src/simulator/scenarios/store.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { TraceHash } from '../../src/simulator/trace-hash.ts';
import type { NodeId } from '../../src/vocabulary.ts';
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

/** Sends one object to everyone, counting up in it, and spoils whatever it receives. */
class Careless implements Protocol<{ count: number; list: number[] }> {
  readonly received: string[] = [];
  private readonly host: Host<{ count: number; list: number[] }>;

  constructor(host: Host<{ count: number; list: number[] }>) {
    this.host = host;
  }

  start(): void {}
  stop(): void {}

  tell(): void {
    const message = { count: 0, list: [7] };
    for (const to of this.host.neighbours()) {
      for (let again = 0; again < 2; again++) this.host.send(to, message);
      message.count += 1;
      message.list.push(message.count);
    }
    message.count = -1;
  }

  receive(_from: NodeId, message: { count: number; list: number[] }): void {
    this.received.push(JSON.stringify(message));
    message.count = 99;
    message.list.length = 0;
  }

  inspect() {
    return this.received.length;
  }
}

const careless: ProtocolDefinition<{ count: number; list: number[] }, Careless> = {
  name: 'careless',
  version: 1,
  schema: v.object({ count: v.number(), list: v.array(v.number()) }),
  lane: 'stream',
  create: (host) => new Careless(host),
};

test('SIM-12 a message is what it was when it was sent, for each receiver by itself', () => {
  const run = () => {
    const cluster = new Cluster<Careless>({
      nodes: 4,
      seed: 1,
      protocols: (node) => node.add(careless),
    });
    cluster.linkAll();
    cluster.members[0]!.protocols.tell();
    cluster.time.runFor(10);
    return cluster.members.slice(1).map(({ protocols }) => protocols.received);
  };
  const received = run();
  expect(received).toEqual(inBytes(run));
  const texts = [
    '{"count":0,"list":[7]}',
    '{"count":1,"list":[7,1]}',
    '{"count":2,"list":[7,1,2]}',
  ];
  expect(received).toEqual(texts.map((text) => [text, text]));
});

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
