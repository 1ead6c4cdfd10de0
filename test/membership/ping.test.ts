import { describe, expect, test } from 'vitest';
import { DEAD_AFTER_MS, SUSPECT_AFTER_MISSED } from '../../src/membership/neighbour.ts';
import {
  MAX_DEPARTED,
  MAX_PINGS_PER_SECOND,
  PERIOD_MS,
  ping,
  type Ping,
} from '../../src/membership/ping.ts';
import { flood, type Flood } from '../../src/gossip/flood.ts';
import type { Delay } from '../../src/network/memory.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

interface Protocols {
  readonly ping: Ping;
  readonly flood: Flood;
}

/** A full mesh that pings. `network.delay` and `network.deaf` may be changed as it runs. */
function pingCluster(nodes: number, seed: string | number = 1) {
  const events: TraceEvent[] = [];
  const network = { delay: 5, deaf: new Set<NodeId>() };
  const delay: Delay = (from, _to, lane) =>
    lane === 'datagram' && network.deaf.has(from) ? Infinity : network.delay;
  const cluster = new Cluster<Protocols>({
    nodes,
    seed,
    delay,
    protocols: (node) => ({ ping: node.add(ping), flood: node.add(flood) }),
    trace: (event) => events.push(event),
  });
  cluster.linkAll();
  const [a, b] = cluster.members;
  return { cluster, events, network, a: a!, b: b! };
}

const ROUND_MS = PERIOD_MS * 1.1;

describe('round trips', () => {
  test('PING-1 every neighbour’s round trip is known after one round', () => {
    const { cluster, a } = pingCluster(5);
    cluster.time.runFor(2 * ROUND_MS);
    expect(a.protocols.ping.views()).toHaveLength(4);
    for (const { rttMs, verdict } of a.protocols.ping.views()) {
      expect([rttMs, verdict]).toEqual([10, 'alive']);
    }
  });

  test('PING-1 it is the last one that is shown', () => {
    const { cluster, network, a, b } = pingCluster(2);
    cluster.time.runFor(5 * ROUND_MS);
    network.delay = 100;
    cluster.time.runFor(2 * ROUND_MS);
    expect(a.protocols.ping.view(b.id)!.rttMs).toBe(200);
  });

  test('PING-2 an answer later than the next ping is no measurement, but a sign of life', () => {
    const { cluster, network, a, b } = pingCluster(2);
    network.delay = 900;
    cluster.time.runFor(20 * PERIOD_MS);
    expect(a.protocols.ping.view(b.id)).toMatchObject({ rttMs: null, verdict: 'alive' });
  });
});

describe('rate', () => {
  /** When a node pinged; nobody is answered in these tests, so whatever it sends is a ping. */
  const pingTimes = (events: readonly TraceEvent[], node: NodeId) =>
    events.flatMap((event) =>
      event.type === 'send' && event.node === node ? [event.monotonic] : [],
    );

  test.each([2, 13, 40])(
    'PING-3 with %i nodes no second sees more than the named pings',
    (nodes) => {
      const { cluster, events, network, a } = pingCluster(nodes);
      for (const { id } of cluster.members) if (id !== a.id) network.deaf.add(id);
      cluster.time.runFor(ROUND_MS + 8_000);
      const times = pingTimes(events, a.id);
      const busiest = Math.max(
        ...times.map(
          (start) => times.filter((time) => time >= start && time < start + 1_000).length,
        ),
      );
      expect(busiest).toBeLessThanOrEqual(MAX_PINGS_PER_SECOND);
      expect(times.length).toBeGreaterThan(8 * 0.9 * Math.min(nodes - 1, MAX_PINGS_PER_SECOND));
    },
  );

  test('PING-3 the jitter is the node’s own: two nodes do not stay in step', () => {
    const { cluster, events, network, a, b } = pingCluster(2);
    network.deaf.add(a.id).add(b.id);
    cluster.time.runFor(20_000);
    const gaps = (node: NodeId) =>
      pingTimes(events, node).flatMap((time, i, all) => (i === 0 ? [] : [time - all[i - 1]!]));
    expect(new Set(gaps(a.id)).size).toBeGreaterThan(15);
    expect(gaps(a.id)).not.toEqual(gaps(b.id));
  });
});

describe('verdicts', () => {
  test('PING-4 suspect after the named missed pings, dead after the named silence', () => {
    const { cluster, network, a, b } = pingCluster(2);
    cluster.time.runFor(3 * ROUND_MS);
    network.deaf.add(b.id);
    const verdict = () => a.protocols.ping.view(b.id)!.verdict;
    cluster.time.runFor((SUSPECT_AFTER_MISSED - 1) * PERIOD_MS);
    expect(verdict()).toBe('alive');
    cluster.time.runFor(3 * ROUND_MS);
    expect(a.protocols.ping.view(b.id)).toMatchObject({
      verdict: 'suspect',
      reason: 'it missed three pings',
    });
    cluster.time.runFor(DEAD_AFTER_MS);
    expect(a.protocols.ping.view(b.id)).toMatchObject({
      verdict: 'dead',
      reason: 'it was silent too long',
    });
  });

  test('PING-4 the dead are alive again when they are heard', () => {
    const { cluster, network, a, b } = pingCluster(2);
    network.deaf.add(b.id);
    cluster.time.runFor(2 * DEAD_AFTER_MS);
    network.deaf.delete(b.id);
    cluster.time.runFor(2 * ROUND_MS);
    expect(a.protocols.ping.view(b.id)).toMatchObject({ verdict: 'alive', reason: 'it was heard' });
  });

  test('PING-4 a neighbour that was never heard is found dead too', () => {
    const { cluster, network, a, b } = pingCluster(2);
    network.deaf.add(b.id);
    cluster.time.runFor(2 * DEAD_AFTER_MS);
    expect(a.protocols.ping.view(b.id)).toMatchObject({ verdict: 'dead', silentMs: null });
  });

  test('PING-5 a message of any protocol is a sign of life', () => {
    const { cluster, network, a, b } = pingCluster(2);
    network.deaf.add(b.id);
    for (let i = 0; i < 30; i++) {
      cluster.time.runFor(PERIOD_MS);
      b.protocols.flood.broadcast(i);
    }
    expect(a.protocols.ping.view(b.id)!.verdict).toBe('alive');
  });

  test('PING-6 a link that closed is dead at once, and one that opens again alive', () => {
    const { cluster, events, a, b } = pingCluster(2);
    cluster.time.runFor(2 * ROUND_MS);
    cluster.unlink(0, 1);
    cluster.time.runFor(0);
    expect(a.protocols.ping.view(b.id)).toMatchObject({
      verdict: 'dead',
      reason: 'its link closed',
    });
    cluster.link(0, 1);
    cluster.time.runFor(0);
    expect(a.protocols.ping.view(b.id)).toMatchObject({ verdict: 'alive', rttMs: null });
    const verdicts = events.flatMap((event) =>
      event.type === 'note' && event.node === a.id && event.kind === 'verdict'
        ? [event.detail['verdict']]
        : [],
    );
    expect(verdicts).toEqual(['dead', 'alive']);
  });

  test('PING-7 with twice as many neighbours as the rate allows, both limits are twice as long', () => {
    const { cluster, network, a, b } = pingCluster(2 * MAX_PINGS_PER_SECOND + 1);
    network.deaf.add(b.id);
    const verdict = () => a.protocols.ping.view(b.id)!.verdict;
    cluster.time.runFor(5 * PERIOD_MS);
    expect(verdict()).toBe('alive');
    cluster.time.runFor(10 * PERIOD_MS);
    expect(verdict()).toBe('suspect');
    cluster.time.runFor(10 * PERIOD_MS);
    expect(verdict()).toBe('dead');
    const others = a.protocols.ping.views().filter(({ id }) => id !== b.id);
    expect(others.filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
  });

  test('PING-9 after a gap of its own a node convicts nobody for the silence of the gap', () => {
    const { cluster, events, network, a, b } = pingCluster(5);
    cluster.time.runFor(3 * ROUND_MS);
    const before = events.length;
    // Nothing of the others will be waiting: as if the machine had slept, and its network with it.
    for (const { id } of cluster.members) if (id !== a.id) network.deaf.add(id);
    a.pause();
    cluster.time.runFor(3 * DEAD_AFTER_MS);
    a.resume();
    cluster.time.runFor(ROUND_MS);
    const verdicts = events
      .slice(before)
      .flatMap((event) =>
        event.type === 'note' && event.node === a.id ? [event.detail['verdict']] : [],
      );
    expect(verdicts).toEqual([]);
    expect(a.protocols.ping.view(b.id)!.verdict).toBe('alive');
  });

  test('PING-9 silence that goes on after the gap convicts as ever', () => {
    const { cluster, network, a, b } = pingCluster(2);
    cluster.time.runFor(3 * ROUND_MS);
    network.deaf.add(b.id);
    a.pause();
    cluster.time.runFor(3 * DEAD_AFTER_MS);
    a.resume();
    expect(a.protocols.ping.view(b.id)!.verdict).toBe('alive');
    cluster.time.runFor(DEAD_AFTER_MS + ROUND_MS);
    expect(a.protocols.ping.view(b.id)!.verdict).toBe('dead');
  });

  test('PING-8 only the named number of departed nodes is remembered', () => {
    const { cluster, a } = pingCluster(1);
    for (let i = 0; i <= MAX_DEPARTED; i++) {
      a.node.up(testNodeId(i));
      a.node.down(testNodeId(i), 'cut');
    }
    cluster.time.runFor(0);
    expect(a.protocols.ping.views()).toHaveLength(MAX_DEPARTED);
    expect(a.protocols.ping.view(testNodeId(0))).toBeUndefined();
  });
});
