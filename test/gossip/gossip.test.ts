import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { gossip, type GossipChoices } from '../../src/gossip/gossip.ts';
import { MAX_TOGETHER_BYTES, type Kind, type Told } from '../../src/gossip/messages.ts';
import { MAX_PAYLOAD_BYTES } from '../../src/gossip/payload.ts';
import { UnfitPayload } from '../../src/wire/payload.ts';
import { GAP_MS } from '../../src/gossip/tell-queue.ts';
import { DEFAULT_CHOICES, RUMOUR_STYLES, SPREADS } from '../../src/network/room-choices.ts';
import type { Json } from '../../src/vocabulary.ts';
import { encodedBytes } from '../../src/wire/plain-copy.ts';
import { testNodeId } from '../support/node-ids.ts';
import { gossipCluster, LONG_MS } from './gossip-cluster.ts';

const HOPS_MS = 50;
const stranger = testNodeId(7);

const told = (change: Partial<Told> = {}): Told => ({
  ...{ origin: stranger, life: 1, sequence: 1, payload: 'hi', after: [], hops: 0, told: [] },
  ...change,
});
const tell = (...broadcasts: Told[]): Kind<'tell'> => ({ type: 'tell', how: 'eager', broadcasts });

describe('GOSSIP-1 a delivery', () => {
  test('is at once at the origin, and says how it came', () => {
    const { at, cluster, link, delivered } = gossipCluster(3);
    link([0, 1], [1, 2]);
    const { id } = at(0).broadcast({ say: 'hi' });
    const from = cluster.members[0]!.id;
    const delivery = { id, from, payload: { say: 'hi' }, heldMs: 0, outOfOrder: false };
    expect(id).toBe(`${from}.1.1`);
    expect(delivered[0]).toEqual([{ ...delivery, hops: 0, by: 'origin' }]);
    cluster.time.runFor(HOPS_MS);
    expect(delivered[1]).toEqual([{ ...delivery, hops: 1, by: 'eager' }]);
    expect(delivered[2]).toEqual([{ ...delivery, hops: 2, by: 'eager' }]);
  });

  test('is noted in the trace', () => {
    const { at, cluster, link, notes } = gossipCluster(2);
    link([0, 1]);
    const { id } = at(0).broadcast('hi');
    cluster.time.runFor(HOPS_MS);
    const from = cluster.members[0]!.id;
    expect(notes('deliver')).toEqual([
      { node: 0, detail: { id, from, hops: 0, by: 'origin', heldMs: 0 } },
      { node: 1, detail: { id, from, hops: 1, by: 'eager', heldMs: 0 } },
    ]);
  });

  test('is once, whatever comes again in whatever way', () => {
    const { at, delivered } = gossipCluster(1);
    for (const how of ['eager', 'graft', 'rumour'] as const)
      at(0).receive(stranger, { ...tell(told(), told({ sequence: 3 }), told()), how });
    at(0).receive(stranger, { type: 'repair', broadcasts: [told()], more: false, lost: [] });
    expect(delivered[0]!.map(({ id }) => id)).toEqual([`${stranger}.1.1`, `${stranger}.1.3`]);
    expect(at(0).inspect()).toMatchObject({ delivered: 2, duplicates: 8 });
  });

  test('is another one for another life of the origin', () => {
    const { at, cluster, payloads } = gossipCluster(2);
    cluster.linkAll();
    at(0).broadcast('first life');
    cluster.time.runFor(HOPS_MS);
    cluster.members[0]!.crash();
    cluster.restart(0, true);
    cluster.time.runFor(LONG_MS);
    at(0).broadcast('second life');
    cluster.time.runFor(HOPS_MS);
    expect(payloads(1)).toEqual(['first life', 'second life']);
    // GOSSIP-3: the new life has heard of the first one too.
    expect(payloads(0)).toEqual(['first life', 'second life']);
  });

  test('a listener that has unsubscribed hears nothing', () => {
    const { at, delivered } = gossipCluster(1);
    at(0).onDeliver(() => expect.unreachable())();
    at(0).broadcast(1);
    expect(delivered[0]).toHaveLength(1);
  });
});

describe('GOSSIP-3 who comes late', () => {
  test('gets what was said before it came, from neighbours of neighbours too', () => {
    const { at, cluster, link, payloads } = gossipCluster(4);
    link([0, 1], [1, 2]);
    for (const text of ['a', 'b', 'c']) at(0).broadcast(text);
    cluster.time.runFor(LONG_MS);
    link([2, 3]);
    cluster.time.runFor(LONG_MS);
    expect(payloads(3)).toEqual(['a', 'b', 'c']);
  });

  test('gets what somebody said who is dead', () => {
    const { at, cluster, link, payloads } = gossipCluster(3);
    link([0, 1]);
    at(0).broadcast('a');
    cluster.time.runFor(HOPS_MS);
    cluster.members[0]!.crash();
    link([1, 2]);
    cluster.time.runFor(LONG_MS);
    expect(payloads(2)).toEqual(['a']);
  });
});

describe('GOSSIP-4 a payload', () => {
  test('of the largest size is told, and one byte more is refused with its size', () => {
    const { at, cluster, link, payloads } = gossipCluster(2);
    link([0, 1]);
    // Three bytes say that it is a text, and how long.
    const largest = 'x'.repeat(MAX_PAYLOAD_BYTES - 3);
    at(0).broadcast(largest);
    cluster.time.runFor(HOPS_MS);
    expect(payloads(1)).toEqual([largest]);
    expect(() => at(0).broadcast(`${largest}x`)).toThrow(UnfitPayload);
    expect(() => at(0).broadcast(`${largest}x`)).toThrow(`${MAX_PAYLOAD_BYTES + 1} bytes`);
    expect(at(0).inspect().broadcasts).toBe(1);
  });

  test('that is no plain JSON is refused', () => {
    const { at, delivered } = gossipCluster(1);
    for (const payload of [undefined, NaN, () => 1, new Date(0), JSON.parse('{"__proto__":1}')]) {
      expect(() => at(0).broadcast(payload as Json)).toThrow(UnfitPayload);
    }
    expect(delivered[0]).toEqual([]);
  });

  test('that the caller changes afterwards changes nothing that was told', () => {
    const { at, payloads } = gossipCluster(1);
    const payload = { list: [1] };
    at(0).broadcast(payload);
    payload.list.push(2);
    expect(payloads(0)).toEqual([{ list: [1] }]);
  });
});

const choices: fc.Arbitrary<GossipChoices> = fc.record({
  spread: fc.constantFrom(...SPREADS),
  rumourStyle: fc.constantFrom(...RUMOUR_STYLES),
  rumourFanout: fc.integer({ min: 1, max: 3 }),
  rumourRounds: fc.integer({ min: 1, max: 5 }),
  antiEntropy: fc.boolean(),
  causal: fc.boolean(),
});

describe('GOSSIP-8 other choices', () => {
  test('at any node and time lose nothing and double nothing', () => {
    const steps = fc.array(fc.tuple(fc.nat(3), fc.option(choices), fc.nat(400)), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.nat(99), (run, seed) => {
        const { at, cluster, delivered, link } = gossipCluster(4, {
          ...{ seed, delay: (from, to) => 1 + ((from * 7 + to * 13 + seed) % 60) },
        });
        link([0, 1], [1, 2], [2, 3], [3, 0]);
        const ids = run.flatMap(([node, other, forMs]) => {
          cluster.time.runFor(forMs);
          if (other === null) return [at(node).broadcast(forMs).id];
          at(node).use(other);
          return [];
        });
        // A rumour alone may miss someone: what is left over is found by comparing.
        for (const node of [0, 1, 2, 3]) at(node).use(DEFAULT_CHOICES);
        cluster.time.runFor(LONG_MS / 2);
        for (const mine of delivered) expect(mine.map(({ id }) => id).sort()).toEqual(ids.sort());
      }),
      { numRuns: 40 },
    );
  });

  test('may be made before the node starts', () => {
    const made = gossipCluster(2, { choices: { spread: 'flood', antiEntropy: false } });
    made.link([0, 1]);
    made.at(0).broadcast('hi');
    made.cluster.time.runFor(LONG_MS);
    expect(made.kinds()).toEqual({ tell: 1 });
  });
});

describe('GOSSIP-9 what does not fit', () => {
  const run = { origin: stranger, life: 1, first: 1, last: 2 };
  test.each([
    ['a payload that is too large', tell(told({ payload: 'x'.repeat(MAX_PAYLOAD_BYTES) }))],
    ['no payload', tell({ ...told(), payload: undefined as unknown as Json })],
    ['a number below one', tell(told({ sequence: 0 }))],
    ['half a number', tell(told({ sequence: 1.5 }))],
    ['a life that nobody can have', tell(told({ life: 9_000_001 }))],
    ['an origin that is no id', tell(told({ origin: 'somebody' as typeof stranger }))],
    ['too many lives in a past', tell(told({ after: Array(257).fill({ ...run, upTo: 1 }) }))],
    ['too many who were told', tell(told({ told: Array(61).fill(stranger) }))],
    ['too many broadcasts', tell(...Array(513).fill(told()))],
    ['too many runs', { type: 'want', runs: Array(257).fill(run) }],
    ['a kind that is none', { type: 'shout', runs: [] }],
  ])('%s fails the schema', (_what, message) => {
    expect(v.is(gossip.schema, message)).toBe(false);
    expect(v.is(gossip.schema, tell(told()))).toBe(true);
  });

  test('a node takes nothing of its own life from others', () => {
    const { at, cluster, delivered } = gossipCluster(1);
    const origin = cluster.members[0]!.id;
    at(0).receive(stranger, tell(told({ origin }), told({ origin, life: 2 })));
    expect(delivered[0]).toEqual([]);
    expect(at(0).inspect().refused).toBe(2);
    expect(at(0).broadcast('mine').id).toBe(`${origin}.1.1`);
  });
});

describe('GOSSIP-10 what follows closely', () => {
  test('goes together, after the first, in its order', () => {
    const { at, cluster, link, arrived, payloads } = gossipCluster(3);
    link([0, 1], [0, 2]);
    cluster.time.runFor(LONG_MS);
    arrived.length = 0;
    for (let n = 0; n < 20; n++) at(0).broadcast(n);
    cluster.time.runFor(GAP_MS + 5);
    const tells = arrived.filter(({ to, message }) => to === 1 && message.type === 'tell');
    const sizes = tells.map(({ message }) => (message as Kind<'tell'>).broadcasts.length);
    expect(sizes).toEqual([1, 19]);
    expect(payloads(1)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    cluster.time.runFor(GAP_MS);
    arrived.length = 0;
    at(0).broadcast('later');
    cluster.time.runFor(1);
    expect(arrived).toHaveLength(2);
  });

  test('goes in messages of about 64 KiB', () => {
    const { at, cluster, link, arrived, payloads } = gossipCluster(2);
    link([0, 1]);
    for (let n = 0; n < 30; n++) at(0).broadcast('x'.repeat(10_000));
    cluster.time.runFor(GAP_MS + 5);
    expect(payloads(1)).toHaveLength(30);
    const tells = arrived.filter(({ message }) => message.type === 'tell');
    for (const { message } of tells) {
      expect(encodedBytes(message)).toBeLessThan(MAX_TOGETHER_BYTES + 1_000);
    }
    expect(tells.length).toBeLessThan(8);
  });
});
