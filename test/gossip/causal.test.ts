import { describe, expect, test } from 'vitest';
import { MAX_HELD, MAX_HELD_MS } from '../../src/gossip/causal.ts';
import type { GossipChoices } from '../../src/gossip/gossip.ts';
import type { Kind, Told } from '../../src/gossip/messages.ts';
import { DEFAULT_CHOICES } from '../../src/network/room-choices.ts';
import { testNodeId } from '../support/node-ids.ts';
import { ALONE, gossipCluster, LONG_MS } from './gossip-cluster.ts';

const CAUSAL: Partial<GossipChoices> = { ...ALONE, causal: true };
const [a, b, c] = [testNodeId(7), testNodeId(8), testNodeId(9)];

type Change = Partial<Told> & Pick<Told, 'origin'>;
const tell = (...changes: Change[]): Kind<'tell'> => ({
  ...{ type: 'tell', how: 'eager' },
  broadcasts: changes.map((change) => ({
    ...{ life: 1, sequence: 1, payload: `${change.origin}`, after: [], hops: 0, told: [] },
    ...change,
  })),
});
const past = (origin: typeof a, upTo = 1) => ({ origin, life: 1, upTo });

/** A node that is told things by strangers. */
function told(choices = CAUSAL) {
  const made = gossipCluster(1, { choices });
  const take = (...changes: Change[]) => made.at(0).receive(c, tell(...changes));
  const ids = () => made.delivered[0]!.map(({ id }) => id);
  return { ...made, take, ids, node: made.at(0) };
}

describe('CAUSAL-3 a broadcast', () => {
  test('comes after what its origin had heard, though its way is shorter', () => {
    const orderAt2 = (causal: boolean) => {
      const { at, cluster, payloads } = gossipCluster(3, {
        choices: { ...ALONE, causal },
        delay: (from, to) => (from === 0 && to === 2 ? 500 : 1),
      });
      cluster.linkAll();
      at(1).onDeliver(({ payload }) => {
        if (payload === 'question') at(1).broadcast('answer');
      });
      at(0).broadcast('question');
      cluster.time.runFor(400);
      expect(at(2).inspect().held).toBe(causal ? 1 : 0);
      cluster.time.runFor(LONG_MS);
      return payloads(2);
    };
    expect(orderAt2(false)).toEqual(['answer', 'question']);
    expect(orderAt2(true)).toEqual(['question', 'answer']);
  });

  test('waits for all of the past that it names', () => {
    const { take, ids, node, notes } = told();
    take({ origin: c, after: [past(a), past(b, 2)] });
    take({ origin: a });
    take({ origin: b });
    expect([ids(), node.inspect().held]).toEqual([[`${a}.1.1`, `${b}.1.1`], 1]);
    take({ origin: b, sequence: 2 });
    expect(ids().slice(2)).toEqual([`${b}.1.2`, `${c}.1.1`]);
    // CAUSAL-8: a note said what for.
    expect(notes('held')).toMatchObject([{ detail: { id: `${c}.1.1`, from: c, for: `${a}.1` } }]);
  });

  test('waits for the earlier ones of its origin', () => {
    const { take, ids } = told();
    take({ origin: a, sequence: 3 });
    take({ origin: a, sequence: 2 });
    expect(ids()).toEqual([]);
    take({ origin: a });
    expect(ids()).toEqual([`${a}.1.1`, `${a}.1.2`, `${a}.1.3`]);
  });

  test('tells how long it was held, and that nothing is missing', () => {
    const { take, delivered, cluster, notes } = told();
    take({ origin: a, sequence: 2 });
    cluster.time.runFor(300);
    take({ origin: a });
    expect(delivered[0]![1]).toMatchObject({ heldMs: 300, outOfOrder: false });
    expect(notes('deliver')[1]).toMatchObject({ detail: { heldMs: 300 } });
  });

  test('of its own a node delivers at once, and says what came before', () => {
    const { at, cluster, link, arrived } = gossipCluster(2, { choices: CAUSAL });
    link([0, 1]);
    at(0).receive(c, tell({ origin: a }, { origin: b, sequence: 2 }));
    const { id } = at(0).broadcast('mine');
    cluster.time.runFor(20);
    const mine = arrived.flatMap(({ message }) =>
      message.type === 'tell'
        ? message.broadcasts.filter(({ origin }) => id.startsWith(origin))
        : [],
    );
    // What is held itself is no past of anything yet.
    expect(mine).toMatchObject([{ payload: 'mine', after: [{ origin: a, upTo: 1 }] }]);
    expect(mine[0]!.after).toHaveLength(1);
  });

  test('that a listener answers with comes after it for all listeners', () => {
    const { take, node } = told();
    const heard: unknown[] = [];
    node.onDeliver(({ payload }) => {
      if (payload === 'question') node.broadcast('answer');
    });
    node.onDeliver(({ payload }) => heard.push(payload));
    take({ origin: a, payload: 'question' });
    expect(heard).toEqual(['question', 'answer']);
  });
});

describe('CAUSAL-4 what is held', () => {
  test('for as long as may be is delivered out of order, and says so', () => {
    const { take, delivered, cluster, notes, node } = told();
    take({ origin: c, after: [past(a)] });
    cluster.time.runFor(MAX_HELD_MS - 1);
    expect(delivered[0]).toEqual([]);
    cluster.time.runFor(2);
    const heldMs = delivered[0]![0]!.heldMs;
    expect(delivered[0]).toMatchObject([{ id: `${c}.1.1`, outOfOrder: true }]);
    expect(Math.abs(heldMs - MAX_HELD_MS)).toBeLessThan(1.5);
    expect(notes('overdue')).toMatchObject([{ detail: { id: `${c}.1.1`, from: c, heldMs } }]);
    expect(node.inspect().held).toBe(0);
    // What it waited for is delivered all the same when it comes.
    take({ origin: a });
    expect(delivered[0]![1]).toMatchObject({ id: `${a}.1.1`, outOfOrder: false });
  });

  test('is bounded: beyond it the one that waited longest is let go', () => {
    const { take, delivered, node } = told();
    for (let sequence = 2; sequence <= MAX_HELD + 2; sequence++) take({ origin: a, sequence });
    // With the first let go nobody waits for number one any more.
    expect(node.inspect().held).toBe(0);
    expect(delivered[0]).toHaveLength(MAX_HELD + 1);
    expect(delivered[0]!.every(({ outOfOrder }) => outOfOrder)).toBe(true);
    expect(delivered[0]![0]!.id).toBe(`${a}.1.2`);
  });

  test('is bounded in bytes too', () => {
    const { take, node, delivered } = told();
    const payload = 'x'.repeat(60_000);
    for (let i = 0; i < 150; i++) {
      take({ origin: testNodeId(100 + i), payload, after: [past(testNodeId(300 + i))] });
    }
    expect(node.inspect().held).toBeLessThan(140);
    expect(node.inspect().held).toBeGreaterThan(130);
    expect(delivered[0]!.length + node.inspect().held).toBe(150);
  });
});

test('CAUSAL-5 what was waited for in vain once is not waited for again', () => {
  const { take, delivered, cluster } = told();
  take({ origin: c, after: [past(a)] });
  cluster.time.runFor(MAX_HELD_MS + 1);
  take({ origin: b, after: [past(a), past(c)] });
  expect(delivered[0]![1]).toMatchObject({ id: `${b}.1.1`, heldMs: 0, outOfOrder: true });
  // For more than that, it is.
  take({ origin: b, sequence: 2, after: [past(a, 2)] });
  expect(delivered[0]).toHaveLength(2);
});

test('CAUSAL-6 what was given up as lost is not waited for', () => {
  const { take, delivered, cluster, node, ids } = told({ ...CAUSAL, antiEntropy: true });
  take({ origin: a, sequence: 3 });
  node.receive(c, { type: 'repair', broadcasts: [], more: false, lost: [past(a, 2)] });
  expect(ids()).toEqual([]);
  cluster.time.runFor(MAX_HELD_MS - 1);
  expect(delivered[0]).toMatchObject([{ id: `${a}.1.3`, outOfOrder: false }]);
});

describe('CAUSAL-7 it is switched', () => {
  test('off, and what is held is delivered', () => {
    const { take, node, ids, delivered } = told();
    take({ origin: a, sequence: 2 });
    take({ origin: b, after: [past(a, 2)] });
    node.use({ ...DEFAULT_CHOICES, ...CAUSAL, causal: false });
    expect(ids()).toEqual([`${a}.1.2`, `${b}.1.1`]);
    expect(delivered[0]![0]!.outOfOrder).toBe(true);
    take({ origin: c, sequence: 9 });
    expect(ids()).toHaveLength(3);
  });

  test('on, and what was delivered before counts', () => {
    const { take, node, ids } = told(ALONE);
    take({ origin: a });
    node.use({ ...DEFAULT_CHOICES, ...CAUSAL });
    take({ origin: b, after: [past(a)] }, { origin: c, after: [past(a, 2)] });
    expect(ids()).toEqual([`${a}.1.1`, `${b}.1.1`]);
  });
});

test('CAUSAL-8 what is held is passed on', () => {
  const { at, link, cluster, delivered } = gossipCluster(3, { choices: CAUSAL });
  link([0, 1], [1, 2]);
  at(0).receive(c, tell({ origin: b, after: [past(a)] }));
  cluster.time.runFor(50);
  expect(delivered).toEqual([[], [], []]);
  expect([0, 1, 2].map((node) => at(node).inspect().held)).toEqual([1, 1, 1]);
});
