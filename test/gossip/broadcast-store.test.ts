import { describe, expect, test } from 'vitest';
import type { Broadcast } from '../../src/gossip/broadcast.ts';
import {
  BroadcastStore,
  GIVEN_UP_AFTER_MS,
  MAX_LIVES,
  MAX_SOURCES,
} from '../../src/gossip/broadcast-store.ts';
import { MAX_KEPT, MAX_KEPT_BYTES } from '../../src/gossip/retention.ts';
import { testNodeId } from '../support/node-ids.ts';

const self = testNodeId(0);
const [a, b] = [testNodeId(1), testNodeId(2)];

function broadcast(
  origin = a,
  sequence = 1,
  { life = 1, bytes = 100 }: { life?: number; bytes?: number } = {},
): Broadcast {
  return { origin, life, sequence, payload: sequence, after: [], hops: 1, via: null, bytes };
}

const storeOf = () => new BroadcastStore(self, 1);

describe('GOSSIP-5 what is kept', () => {
  test('is bounded in number, and who takes most of it makes room', () => {
    const store = storeOf();
    for (let n = 1; n <= 10; n++) store.take(broadcast(b, n));
    for (let n = 1; n <= MAX_KEPT; n++) store.take(broadcast(a, n));
    expect(store.kept.count).toBe(MAX_KEPT);
    expect(store.source(b, 1)!.kept.size).toBe(10);
    expect(store.get(broadcast(a, 10))).toBeUndefined();
    expect(store.get(broadcast(a, 11))).toBeDefined();
    // It is still known to have been heard.
    expect(store.hasHeard(broadcast(a, 10))).toBe(true);
  });

  test('is bounded in bytes, and who takes most of them makes room', () => {
    const store = storeOf();
    const bytes = MAX_KEPT_BYTES / 8;
    for (let n = 1; n <= 100; n++) store.take(broadcast(b, n, { bytes: 10 }));
    for (let n = 1; n <= 9; n++) store.take(broadcast(a, n, { bytes }));
    expect(store.kept.bytes).toBeLessThanOrEqual(MAX_KEPT_BYTES);
    expect(store.source(b, 1)!.kept.size).toBe(100);
    expect([...store.source(a, 1)!.kept.keys()]).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('GOSSIP-6 what a neighbour no longer keeps', () => {
  test('is asked of others for a while, and then given up; what was heard of it stays heard', () => {
    const store = storeOf();
    store.take(broadcast(a, 2));
    store.saidLost({ origin: a, life: 1, upTo: 4 }, 1_000);
    store.saidLost({ origin: a, life: 1, upTo: 3 }, 2_000);
    expect(store.giveUp(1_000 + GIVEN_UP_AFTER_MS - 1)).toEqual([]);
    expect(store.lacking({ origin: a, life: 1, first: 1, last: 4 })).toHaveLength(2);
    const givenUp = store.giveUp(1_000 + GIVEN_UP_AFTER_MS);
    expect(givenUp).toEqual([{ origin: a, life: 1, count: 3 }]);
    expect(store.lacking({ origin: a, life: 1, first: 1, last: 4 })).toEqual([]);
    expect(store.giveUp(Infinity)).toEqual([]);
  });

  test('is not given up if it has come from another', () => {
    const store = storeOf();
    store.saidLost({ origin: a, life: 1, upTo: 2 }, 0);
    store.take(broadcast(a, 1));
    store.take(broadcast(a, 2));
    expect(store.giveUp(GIVEN_UP_AFTER_MS)).toEqual([]);
  });
});

describe('GOSSIP-7 lives', () => {
  test('of one node the newest are remembered, and what was forgotten is not taken again', () => {
    const store = storeOf();
    for (let life = 1; life <= MAX_LIVES + 1; life++) store.take(broadcast(a, 1, { life }));
    expect(store.sourceCount).toBe(MAX_LIVES);
    expect(store.kept.count).toBe(MAX_LIVES);
    expect(store.take(broadcast(a, 1, { life: 1 }))).toBe(false);
    expect(store.lacking({ origin: a, life: 1, first: 1, last: 1 })).toEqual([]);
    expect(store.source(a, 2)).toBeDefined();
  });

  test('of all nodes the one that was silent longest is forgotten, and never the own one', () => {
    const store = storeOf();
    store.take(broadcast(self, 1));
    for (let i = 1; i < MAX_SOURCES; i++) store.take(broadcast(testNodeId(i), 1));
    store.take(broadcast(testNodeId(1), 2));
    // What only comparisons tell of does not drive out anything.
    const news = { origin: testNodeId(999), life: 1, first: 1, last: 1 };
    expect(store.lacking(news)).toEqual([]);
    expect(store.take(broadcast(testNodeId(999), 1))).toBe(true);
    expect(store.sourceCount).toBe(MAX_SOURCES);
    expect(store.source(self, 1)).toBeDefined();
    expect(store.source(testNodeId(1), 1)).toBeDefined();
    expect(store.source(testNodeId(2), 1)).toBeUndefined();
  });

  test('GOSSIP-9 nobody tells a node what it has said itself', () => {
    const store = storeOf();
    store.take(broadcast(self, 1));
    expect(store.lacking({ origin: self, life: 1, first: 1, last: 9 })).toEqual([]);
    expect(
      new BroadcastStore(self, 2).lacking({ origin: self, life: 1, first: 1, last: 9 }),
    ).toEqual([{ origin: self, life: 1, first: 1, last: 9 }]);
  });
});
