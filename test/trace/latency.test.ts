import { describe, expect, test } from 'vitest';
import { flood } from '../../src/gossip/flood.ts';
import { Random } from '../../src/simulator/random.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { correctedBy, Latency } from '../../src/trace/latency.ts';
import { WallOffsets } from '../../src/trace/wall-offsets.ts';
import { timeSync } from '../../src/timesync/time-sync.ts';
import { FaultyClocks } from '../support/faulty-clocks.ts';
import { testNodeId } from '../support/node-ids.ts';
import { HOUR } from '../support/true-time.ts';

const DELAY_MS = 40;

/** Three nodes that sync and broadcast; the second one's wall clock is an hour ahead. */
function hourAhead() {
  const mesh = new FaultyClocks({
    nodes: 3,
    seed: 'latency',
    delay: () => DELAY_MS,
    protocols: (node) => {
      node.add(timeSync);
      return node.add(flood);
    },
  });
  mesh.members[1]!.wall.setOffset(HOUR);
  for (let i = 0; i < 10; i++) {
    mesh.members[i % 3]!.protocol.broadcast(i);
    mesh.time.runFor(1_000);
  }
  return mesh;
}

function fold(latency: Latency, events: readonly TraceEvent[]): Latency {
  for (const event of events) latency.add(event);
  return latency;
}

const near = (ms: number) => expect.closeTo(ms, -Math.log10(2 * ms * 0.011)) as number;

describe('from a whole mesh', () => {
  const { events } = hourAhead();
  const [a, b, c] = [testNodeId(0), testNodeId(1), testNodeId(2)];
  const link = (latency: Latency, from: string, to: string) =>
    latency.byLink().find((one) => one.from === from && one.to === to)!;

  test('TRACE-10 where clocks agree it is how long messages took, by protocol and by way', () => {
    const right = events.filter(({ node }) => node !== b);
    const latency = fold(new Latency(), right);
    expect(link(latency, a, c)).toMatchObject({ p50Ms: near(DELAY_MS), p99Ms: near(DELAY_MS) });
    expect(latency.byProtocol()['flood']).toMatchObject({ p90Ms: near(DELAY_MS) });
    expect(Object.keys(latency.byProtocol()).sort()).toEqual(['flood', 'timesync']);
  });

  test('TRACE-10 where they do not it is off by their offset, one way and the other', () => {
    const latency = fold(new Latency(), events);
    expect(link(latency, a, b).p50Ms).toEqual(near(HOUR));
    expect(link(latency, b, a).minMs).toBeLessThan(-0.99 * HOUR);
    expect(link(latency, b, a).p50Ms).toBeLessThan(-0.98 * HOUR);
  });

  test('TRACE-10 the offsets that time sync noted put it right', () => {
    const offsets = new WallOffsets();
    // Of each pair, it is enough that one has measured.
    for (const event of events) if (event.node !== a) offsets.add(event);
    const latency = fold(new Latency(correctedBy(offsets.offsetOf)), events);
    const links = latency.byLink();
    expect(links).toHaveLength(6);
    for (const { p50Ms, maxMs } of links) {
      expect(p50Ms).toEqual(near(DELAY_MS));
      expect(maxMs).toBeCloseTo(DELAY_MS, 1);
    }
  });

  test('TRACE-10 of two nodes whose offset nobody knows nothing is said', () => {
    const known = (from: string, to: string) => (from === a && to === c ? 0 : undefined);
    const latency = fold(new Latency(correctedBy(known)), events);
    expect(latency.byLink().map(({ from, to }) => [from, to])).toEqual([[a, c]]);
  });

  test('TRACE-10 the order in which events come does not matter', () => {
    const random = new Random('shuffle');
    const shuffled = events
      .map((event) => ({ event, key: random.next() }))
      .sort((one, other) => one.key - other.key)
      .map(({ event }) => event);
    expect(fold(new Latency(), shuffled).byProtocol()).toEqual(
      fold(new Latency(), events).byProtocol(),
    );
  });
});

test('TRACE-10 a sending that waited for too long finds its receipt no more', () => {
  const { events } = hourAhead();
  const sends = events.filter(({ type }) => type === 'send');
  const receipts = events.filter(({ type }) => type === 'receive');
  const patient = fold(new Latency(), [...sends, ...receipts]).byProtocol()['flood']!;
  expect(patient.count).toBe(receipts.filter((event) => 'protocol' in event && event.protocol === 'flood').length); // prettier-ignore
  expect(fold(new Latency(undefined, 10), [...sends, ...receipts]).byProtocol()).toEqual({});
});
