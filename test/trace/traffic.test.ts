import { expect, test } from 'vitest';
import { flood, type Flood } from '../../src/gossip/flood.ts';
import { ping } from '../../src/membership/ping.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { MAX_COUNTED_NODES, MAX_COUNTED_PROTOCOLS, Traffic } from '../../src/trace/traffic.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

test('TRACE-9 what the events add up to is what each node counted itself', () => {
  const traffic = new Traffic();
  const cluster = new Cluster<Flood>({
    nodes: 4,
    seed: 'traffic',
    protocols: (node, _life, index) => {
      // One node does not run what the others do: it drops what it gets.
      if (index > 0) node.add(ping);
      return node.add(flood);
    },
    trace: (event) => traffic.add(event),
  });
  cluster.linkAll();
  for (const [i, { protocols }] of cluster.members.entries()) {
    protocols.broadcast(i);
    cluster.time.runFor(1_500);
    cluster.members[0]!.node.receive(cluster.members[1]!.id, Uint8Array.of(1, 2, 3));
  }
  const some = (metrics: object) =>
    Object.fromEntries(
      Object.entries(metrics).filter(([, counts]) => /[1-9]/.test(JSON.stringify(counts))),
    );
  for (const { id, node } of cluster.members) expect(traffic.of(id)).toEqual(some(node.metrics()));
  expect(traffic.of(cluster.members[0]!.id)['?']!.dropped).toEqual({
    'unknown-protocol': expect.any(Number) as number,
    malformed: 4,
  });
  const sent = cluster.members.map(({ node }) => node.metrics()['flood']!.bytesSent);
  expect(traffic.all()['flood']!.bytesSent).toBe(sent.reduce((sum, bytes) => sum + bytes));
});

function sendOf(node: NodeId, protocol: string): TraceEvent {
  const stamp = {
    node,
    incarnation: 1,
    sequence: 1,
    lamport: 1,
    vector: {},
    wall: 0,
    at: 0,
    monotonic: 0,
  };
  return { ...stamp, type: 'send', to: testNodeId(0), protocol, kind: '', message: 1, bytes: 5 };
}

test('TRACE-9 beyond the limits nodes count in the sum, and protocols together', () => {
  const traffic = new Traffic();
  for (let i = 0; i <= MAX_COUNTED_NODES; i++) traffic.add(sendOf(testNodeId(i), 'p'));
  expect(traffic.of(testNodeId(MAX_COUNTED_NODES - 1))).toMatchObject({ p: { messagesSent: 1 } });
  expect(traffic.of(testNodeId(MAX_COUNTED_NODES))).toEqual({});
  expect(traffic.all()['p']!.messagesSent).toBe(MAX_COUNTED_NODES + 1);

  for (let i = 0; i <= MAX_COUNTED_PROTOCOLS; i++) traffic.add(sendOf(testNodeId(0), `p${i}`));
  const all = traffic.all();
  expect(Object.keys(all)).toHaveLength(MAX_COUNTED_PROTOCOLS + 1);
  expect(all['?']!.bytesSent).toBe(10);
});
