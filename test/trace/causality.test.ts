import { describe, expect, test } from 'vitest';
import { firstTick } from '../../src/clocks/tick.ts';
import { Causality } from '../../src/trace/causality.ts';
import type { Happening, Stamp, TraceEvent } from '../../src/trace/event.ts';
import type { ReceiveEvent, SendEvent } from '../../src/trace/messages.ts';
import { testNodeId } from '../support/node-ids.ts';

const [A, B, C] = [testNodeId(0), testNodeId(1), testNodeId(2)];
type Vector = TraceEvent['vector'];

/** An event with what its node knew of others; its own entry and its place follow from the numbers. */
function event<H extends Happening>(
  node: number,
  life: number,
  sequence: number,
  knows: Vector,
  happening: H,
): Stamp & H {
  const id = testNodeId(node);
  const vector = { ...knows, [id]: firstTick(life) + sequence };
  const stamp = {
    node: id,
    incarnation: life,
    sequence,
    lamport: sequence,
    at: 0,
    wall: 0,
    monotonic: 0,
  };
  return { ...stamp, vector, ...happening };
}

const local = { type: 'up', peer: testNodeId(9) } as const;
const message = { protocol: 'p', bytes: 10 };
const send = (to: number, number = 1) =>
  ({ type: 'send', to: testNodeId(to), kind: '', message: number, ...message }) as const;
const receive = (from: number, number = 1) =>
  ({ type: 'receive', from: testNodeId(from), message: number, ...message }) as const;

function indexOf(...events: TraceEvent[]): Causality {
  const index = new Causality();
  for (const one of events) index.add(one);
  return index;
}

describe('past, future, concurrent', () => {
  const a1 = event(0, 1, 1, {}, local);
  const a2 = event(0, 1, 2, {}, send(1));
  const b1 = event(1, 1, 1, {}, local);
  const b2 = event(1, 1, 2, { [A]: 2 }, receive(0));
  const c1 = event(2, 1, 1, {}, local);
  const index = indexOf(b2, a2, c1, a1, b1);

  test('TRACE-4 every other event is in exactly one of the three', () => {
    expect(index.past(b2)).toEqual([b1, a1, a2]);
    expect(index.future(a1)).toEqual([b2, a2]);
    expect(index.concurrent(b1)).toEqual([a1, a2, c1]);
    expect(index.order(a2, b2)).toBe('before');
    expect(index.order(b2, a2)).toBe('after');
    expect(index.order(a2, a2)).toBe('equal');
  });

  test('TRACE-5 an event that is not in the index can be asked about, and compared', () => {
    const b5 = event(1, 1, 5, { [A]: 2 }, local);
    expect(index.past(b5)).toEqual([b1, b2, a1, a2]);
    expect(index.cone(a1).orderOf(b5)).toBe('after');
  });
});

describe('lives', () => {
  const heard = event(1, 1, 1, { [A]: 1 }, receive(0));
  const first = event(0, 1, 1, {}, send(1));
  const reborn = event(1, 2, 1, {}, { type: 'start' });
  const told = event(2, 1, 1, { [B]: firstTick(2) + 1 }, local);
  const third = event(1, 3, 1, {}, local);

  test('TRACE-4 a later life comes after all that the earlier ones knew, and hands it on', () => {
    const index = indexOf(told, third, reborn, heard, first);
    expect(index.past(told)).toEqual([reborn, heard, first].sort(byNodeOrder(index)));
    expect(index.future(first)).toHaveLength(4);
    expect(index.order(third, told)).toBe('concurrent');
  });

  test('TRACE-5 what only a lost event of an earlier life knew is missed', () => {
    const index = indexOf(first, reborn, told);
    expect(index.order(first, told)).toBe('concurrent');
    expect(index.order(reborn, told)).toBe('before');
  });
});

function byNodeOrder(index: Causality) {
  const all = [...index.rows()].flatMap(([, events]) => events);
  return (a: TraceEvent, b: TraceEvent) => all.indexOf(a) - all.indexOf(b);
}

describe('messages', () => {
  const old = event(0, 1, 3, {}, send(1));
  const young = event(0, 2, 3, {}, send(1));
  const ofOld = event(1, 1, 1, { [A]: 3 }, receive(0));
  const ofYoung = event(1, 1, 2, { [A]: firstTick(2) + 3 }, receive(0));

  test('TRACE-6 a number that two lives used: each receipt finds its own', () => {
    const index = indexOf(ofYoung, ofOld, young, old);
    expect([index.sendOf(ofOld), index.sendOf(ofYoung)]).toEqual([old, young]);
    expect([index.receiptsOf(old), index.receiptsOf(young)]).toEqual([[ofOld], [ofYoung]]);
  });

  test('TRACE-6 what was not recorded is missing, and no other takes its place', () => {
    const other: SendEvent = { ...old, bytes: 11 };
    expect(indexOf(young, ofOld).sendOf(ofOld)).toBeUndefined();
    expect(indexOf(other, ofOld).sendOf(ofOld)).toBeUndefined();
    expect(indexOf(old).receiptsOf(old)).toEqual([]);
  });

  test('TRACE-6 a clock that was full has no entry of the sender: its Lamport time decides', () => {
    const full: ReceiveEvent = { ...ofOld, vector: { [B]: 1 }, lamport: 4 };
    expect(indexOf(old, full).sendOf(full)).toBe(old);
    const earlier: ReceiveEvent = { ...full, lamport: 3 };
    expect(indexOf(old, earlier).sendOf(earlier)).toBeUndefined();
  });
});

describe('paths', () => {
  const a1 = event(0, 1, 1, {}, local);
  const a2 = event(0, 1, 2, {}, send(1));
  const b1 = event(1, 1, 1, { [A]: 2 }, receive(0));
  const b2 = event(1, 1, 2, { [A]: 2 }, send(2));
  const c1 = event(2, 1, 1, { [A]: 2, [B]: 2 }, receive(1));
  const c2 = event(2, 1, 2, { [A]: 2, [B]: 2 }, local);

  test('TRACE-7 names both ends, and the sending and the receipt of each message between', () => {
    const index = indexOf(c2, c1, b2, b1, a2, a1);
    expect(index.path(a1, c2)).toEqual([a1, a2, b1, b2, c1, c2]);
    expect(index.path(a2, c1)).toEqual([a2, b1, b2, c1]);
    expect(index.path(b1, b2)).toEqual([b1, b2]);
    expect(index.path(c1, a1)).toBeNull();
  });

  test('TRACE-7 where a link of the chain is missing there is no path, but still order', () => {
    const index = indexOf(a1, a2, b2, c1, c2);
    expect(index.path(a1, c2)).toBeNull();
    expect(index.order(a1, c2)).toBe('before');
  });
});

describe('what is kept', () => {
  test('TRACE-3 an event that is there already changes nothing', () => {
    const index = new Causality();
    const one = event(0, 1, 1, {}, send(1));
    expect([index.add(one), index.add({ ...one }), index.size]).toEqual([true, false, 1]);
  });

  test('TRACE-8 the newest are kept, and nothing of the others', () => {
    const index = new Causality(3);
    const sending = event(0, 1, 1, {}, send(1));
    const receipt = event(1, 1, 1, { [A]: 1 }, receive(0));
    index.add(sending);
    for (let sequence = 1; sequence <= 2; sequence++) index.add(event(2, 1, sequence, {}, local));
    index.add(receipt);
    expect(index.size).toBe(3);
    expect([...index.rows()].map(([node, { length }]) => [node, length])).toEqual([
      [C, 2],
      [B, 1],
    ]);
    expect(index.sendOf(receipt)).toBeUndefined();
  });
});

/** 30 nodes that tell each other, until there are 10,000 events. */
function busyClass(): TraceEvent[] {
  const vectors = Array.from({ length: 30 }, (_, node) => ({ [testNodeId(node)]: 0 }));
  const events: TraceEvent[] = [];
  const happen = (node: number, happening: Happening) => {
    const sequence = (vectors[node]![testNodeId(node)]! += 1);
    events.push(event(node, 1, sequence, { ...vectors[node] }, happening));
  };
  for (let round = 1; events.length < 10_000; round++) {
    const from = round % 30;
    const to = (from + 1 + (round ** 2 % 29)) % 30;
    happen(from, send(to, round));
    for (const [id, tick] of Object.entries(vectors[from]!)) {
      vectors[to]![id] = Math.max(tick, vectors[to]![id] ?? 0);
    }
    happen(to, receive(from, round));
  }
  return events;
}

/** What a person does not notice; on a machine with nothing else to do it takes half a millisecond. */
const LIVE_MS = 100;

test('TRACE-4 past and future among 10,000 events of 30 nodes are known at once', () => {
  const events = busyClass();
  const index = indexOf(...events);
  const times = Array.from({ length: 21 }, (_, i) => {
    const startedAt = performance.now();
    const rows = index.around(events[5_000 + i]!);
    const took = performance.now() - startedAt;
    const inPast = rows.reduce((sum, { past }) => sum + past, 0);
    expect(inPast).toBe(index.past(events[5_000 + i]!).length);
    expect(inPast).toBeGreaterThan(1_000);
    return took;
  });
  expect(times.sort((a, b) => a - b)[times.length >> 1]).toBeLessThan(LIVE_MS);
});
