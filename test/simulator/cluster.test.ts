import { expect, test } from 'vitest';
import { compareVectors, vectorFromJson } from '../../src/clocks/vector.ts';
import { flood, type Flood } from '../../src/gossip/flood.ts';
import { ping } from '../../src/membership/ping.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { Random } from '../../src/simulator/random.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { causalOrder } from '../support/causal-order.ts';

/** Five nodes that talk, ping and lose links for ten seconds, as the seed has it. */
function run(seed: string): { traces: TraceEvent[][]; all: string } {
  const events: TraceEvent[] = [];
  const delays = new Random(seed).fork('delay');
  const cluster = new Cluster<Flood>({
    nodes: 5,
    seed,
    delay: (_from, _to, lane) =>
      lane === 'datagram' && delays.next() < 0.2 ? Infinity : delays.next() * 80,
    protocols: (node) => {
      node.add(ping);
      return node.add(flood);
    },
    trace: (event) => events.push(event),
  });
  cluster.linkAll();
  const faults = cluster.random.fork('faults');
  for (let i = 0; i < 15; i++) {
    cluster.members[faults.below(5)]!.protocols.broadcast(i);
    const [a, b] = [faults.below(5), faults.below(5)];
    if (a !== b) faults.next() < 0.5 ? cluster.unlink(a, b) : cluster.link(a, b);
    cluster.time.runFor(100);
  }
  const traces = cluster.members.map(({ id }) => events.filter(({ node }) => node === id));
  return { traces, all: JSON.stringify(events) };
}

test('SIM-4 the same seed gives the same trace, another seed another', () => {
  const { all } = run('one');
  expect(run('one').all === all).toBe(true);
  expect(run('two').all === all).toBe(false);
});

test.each(['one', 'two', 'three'])(
  'CLOCK-2 in a whole cluster the order of vectors is true happened-before, seed %s',
  (seed) => {
    const { traces } = run(seed);
    const { messages, disagreements } = causalOrder(traces);
    expect(disagreements).toEqual([]);
    expect(messages).toBeGreaterThan(100);
  },
);

test('CLOCK-5 compareVectors reads traces: a receipt is after its sending', () => {
  const events = run('four').traces.flat();
  const receive = events.find((event) => event.type === 'receive')!;
  const send = events.find(
    (event) =>
      event.type === 'send' &&
      receive.type === 'receive' &&
      event.node === receive.from &&
      event.message === receive.message,
  )!;
  const [a, b] = [vectorFromJson(send.vector), vectorFromJson(receive.vector)];
  expect([compareVectors(a, b), compareVectors(b, a)]).toEqual(['before', 'after']);
  expect(send.lamport).toBeLessThan(receive.lamport);
});
