import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { flood, MAX_SEEN, type Flood, type FloodDelivery } from '../../src/gossip/flood.ts';
import { MAX_PAYLOAD_BYTES } from '../../src/gossip/payload.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Json } from '../../src/vocabulary.ts';
import { UnfitPayload } from '../../src/wire/payload.ts';
import { testNodeId } from '../support/node-ids.ts';

/** Far more events than any of these tests needs: a flood that never ends fails, and does not hang. */
const STORM = 20_000;

/** A cluster that floods, with what each node delivered and all that happened. */
function floodCluster(nodes: number, seed: string | number = 1) {
  const events: TraceEvent[] = [];
  const delivered: FloodDelivery[][] = [];
  const cluster = new Cluster<Flood>({
    nodes,
    seed,
    protocols: (node) => {
      const mine: FloodDelivery[] = [];
      delivered.push(mine);
      const protocol = node.add(flood);
      protocol.onDeliver((delivery) => mine.push(delivery));
      return protocol;
    },
    trace: (event) => {
      events.push(event);
      if (events.length > STORM) throw new Error('a broadcast storm');
    },
  });
  const sends = () => events.filter(({ type }) => type === 'send').length;
  return { cluster, events, delivered, sends };
}

const LONG_MS = 60_000;

describe('a broadcast', () => {
  test('FLOOD-1 reaches every node that a chain of links leads to, and no other', () => {
    const { cluster, delivered } = floodCluster(5);
    for (const [a, b] of [[0, 1], [1, 2], [2, 3]] as const) cluster.link(a, b); // prettier-ignore
    cluster.time.runFor(0);
    const { id } = cluster.members[0]!.protocols.broadcast({ say: 'hello' });
    cluster.time.runUntilQuiet(LONG_MS);
    const delivery = { id, from: cluster.members[0]!.id, payload: { say: 'hello' } };
    expect(delivered).toEqual([[delivery], [delivery], [delivery], [delivery], []]);
  });

  test('FLOOD-2 is delivered once by every node, over any connected graph', () => {
    const graphs = fc.record({
      nodes: fc.integer({ min: 2, max: 8 }),
      parents: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
      extra: fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 12 }),
      origins: fc.array(fc.nat(7), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(graphs, ({ nodes, parents, extra, origins }) => {
        const { cluster, delivered } = floodCluster(nodes);
        for (let child = 1; child < nodes; child++)
          cluster.link(child, parents[child - 1]! % child);
        for (const [a, b] of extra) if (a % nodes !== b % nodes) cluster.link(a % nodes, b % nodes);
        cluster.time.runFor(0);
        const ids = origins.map(
          (origin) => cluster.members[origin % nodes]!.protocols.broadcast(origin).id,
        );
        expect(cluster.time.runUntilQuiet(LONG_MS)).toBe(true);
        for (const mine of delivered) expect(mine.map(({ id }) => id).sort()).toEqual(ids.sort());
      }),
      { numRuns: 60 },
    );
  });

  test('FLOOD-3 costs one message a link and direction at most, and none back to where it came from', () => {
    const { cluster, sends } = floodCluster(6);
    cluster.linkAll();
    cluster.members[0]!.protocols.broadcast('hi');
    cluster.time.runUntilQuiet(LONG_MS);
    // The origin tells 5; each of those tells all but the one it heard it from.
    expect(sends()).toBe(5 + 5 * 4);
  });

  test('FLOOD-3 a duplicate is not passed on', () => {
    const { cluster, sends } = floodCluster(2);
    cluster.linkAll();
    const [a, b] = cluster.members.map(({ protocols }) => protocols) as [Flood, Flood];
    const { id } = a.broadcast('hi');
    cluster.time.runUntilQuiet(LONG_MS);
    const before = sends();
    b.receive(testNodeId(9), { id, origin: cluster.members[0]!.id, payload: 'hi' });
    cluster.time.runUntilQuiet(LONG_MS);
    expect(sends()).toBe(before);
    expect(b.inspect()).toMatchObject({ delivered: 1, duplicates: 1 });
  });

  test('FLOOD-4 has an id of its own, and the origin delivers it at once', () => {
    const { cluster, delivered } = floodCluster(1);
    const [{ id: self, protocols }] = cluster.members as [(typeof cluster.members)[number]];
    expect(protocols.broadcast(1).id).toBe(`${self}.1.1`);
    expect(protocols.broadcast(2).id).toBe(`${self}.1.2`);
    expect(delivered[0]!.map(({ payload }) => payload)).toEqual([1, 2]);
  });

  test('FLOOD-4 is noted in the trace where it is delivered', () => {
    const { cluster, events } = floodCluster(2);
    cluster.linkAll();
    const { id } = cluster.members[0]!.protocols.broadcast('hi');
    cluster.time.runUntilQuiet(LONG_MS);
    const notes = events.filter(({ type }) => type === 'note');
    const detail = { id, from: cluster.members[0]!.id };
    expect(notes).toMatchObject(
      cluster.members.map(({ id: node }) => ({ node, kind: 'deliver', detail })),
    );
  });
});

describe('memory', () => {
  test('FLOOD-5 the oldest id is forgotten, and a copy that still travels is delivered again', () => {
    const { cluster, delivered } = floodCluster(1);
    const origin = testNodeId(7);
    const message = (n: number) => ({ id: `${origin}.1.${n}`, origin, payload: n });
    const { protocols } = cluster.members[0]!;
    for (let n = 0; n <= MAX_SEEN; n++) protocols.receive(origin, message(n));
    expect(protocols.inspect()).toMatchObject({ remembered: MAX_SEEN });
    protocols.receive(origin, message(1));
    expect(delivered[0]).toHaveLength(MAX_SEEN + 1);
    protocols.receive(origin, message(0));
    expect(delivered[0]).toHaveLength(MAX_SEEN + 2);
  });
});

describe('payloads', () => {
  const broadcast = (payload: unknown) => {
    const { cluster } = floodCluster(2);
    cluster.linkAll();
    cluster.members[0]!.protocols.broadcast(payload as Json);
    return cluster;
  };

  test('FLOOD-6 the largest payload is told, and one byte more is refused with its size', () => {
    // Three bytes say that it is a text, and how long.
    const largest = 'x'.repeat(MAX_PAYLOAD_BYTES - 3);
    const cluster = broadcast(largest);
    cluster.time.runUntilQuiet(LONG_MS);
    expect(cluster.members[1]!.protocols.inspect()).toMatchObject({ delivered: 1 });
    expect(() => broadcast(`${largest}x`)).toThrow(UnfitPayload);
    expect(() => broadcast(`${largest}x`)).toThrow(`${MAX_PAYLOAD_BYTES + 1} bytes`);
  });

  test('FLOOD-6 what is no plain JSON is refused, and nothing is sent', () => {
    for (const payload of [undefined, NaN, () => 1, new Date(0), JSON.parse('{"__proto__":1}')]) {
      expect(() => broadcast(payload)).toThrow(UnfitPayload);
    }
  });

  test('FLOOD-6 what the caller changes afterwards changes nothing that was told', () => {
    const { cluster, delivered } = floodCluster(1);
    const payload = { list: [1] };
    cluster.members[0]!.protocols.broadcast(payload);
    payload.list.push(2);
    expect(delivered[0]![0]!.payload).toEqual({ list: [1] });
  });

  test.each([
    ['an id of another origin', { id: `${testNodeId(8)}.1.1`, origin: testNodeId(7), payload: 1 }],
    [
      'an endless id',
      { id: `${testNodeId(7)}.${'1'.repeat(99)}`, origin: testNodeId(7), payload: 1 },
    ],
    ['no payload', { id: `${testNodeId(7)}.1.1`, origin: testNodeId(7) }],
    [
      'a payload that is too large',
      { id: `${testNodeId(7)}.1.1`, origin: testNodeId(7), payload: 'x'.repeat(MAX_PAYLOAD_BYTES) },
    ],
  ])('FLOOD-7 a message with %s fails the schema', (_what, message) => {
    expect(v.is(flood.schema, message)).toBe(false);
  });
});

test('a listener that has unsubscribed hears nothing', () => {
  const { cluster, delivered } = floodCluster(1);
  const { protocols } = cluster.members[0]!;
  const unsubscribe = protocols.onDeliver(() => expect.unreachable());
  unsubscribe();
  protocols.broadcast(1);
  expect(delivered[0]).toHaveLength(1);
});
