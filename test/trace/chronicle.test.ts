import { describe, expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { Chronicle, GIVEN_UP_AFTER_MS } from '../../src/trace/chronicle.ts';
import type { Happening, TraceEvent } from '../../src/trace/event.ts';
import { levelOf } from '../../src/trace/sampling.ts';
import { tickOf } from '../../src/trace/timeline.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';
import { randomExecution } from '../support/random-execution.ts';

const [A, B] = [testNodeId(0), testNodeId(1)];

function shuffled(events: readonly TraceEvent[], seed: number): TraceEvent[] {
  const random = new Random(`shuffle ${seed}`);
  return events
    .map((event) => ({ event, key: random.next() }))
    .sort((one, other) => one.key - other.key)
    .map(({ event }) => event);
}

function chronicleOf(events: Iterable<TraceEvent>, capacity?: number): Chronicle {
  const chronicle = new Chronicle(capacity);
  for (const event of events) chronicle.add(event);
  return chronicle;
}

/** Events of one life of a node, a millisecond of true time apart unless told. */
class Life {
  readonly node: NodeId;
  readonly incarnation: number;
  private sequence = 0;
  constructor(node: NodeId, incarnation = 1) {
    this.node = node;
    this.incarnation = incarnation;
  }
  did(at: number, happening: Happening, knows: { readonly [id: string]: number } = {}): TraceEvent {
    this.sequence += 1;
    const { node, incarnation, sequence } = this;
    const vector = { ...knows, [node]: tickOf({ incarnation, sequence }) };
    return { node, incarnation, sequence, lamport: sequence, vector, at, wall: at + 7, monotonic: at, ...happening }; // prettier-ignore
  }
}

const send = (to: NodeId, message: number): Happening => ({ type: 'send', to, protocol: 'p', kind: 'k', message, bytes: 9 }); // prettier-ignore
const receive = (from: NodeId, message: number): Happening => ({ type: 'receive', from, protocol: 'p', message, bytes: 9 }); // prettier-ignore

describe('of random executions', () => {
  const SEEDS = [1, 2, 3, 4, 5, 6];
  const runs = SEEDS.map((seed) => ({ seed, events: randomExecution(seed).events }));

  test.each(runs)('TRACE-15 the order in which events come does not matter (seed $seed)', (run) => {
    const inOrder = chronicleOf(run.events);
    const mixed = chronicleOf([...shuffled(run.events, run.seed), ...run.events]);
    expect(mixed.size).toBe(run.events.length);
    for (let at = 0; at < inOrder.span!.to + 10; at += 13) {
      expect(seenAt(mixed, at)).toEqual(seenAt(inOrder, at));
    }
  });

  test.each(runs)('TRACE-16 states are what the events before say (seed $seed)', ({ events }) => {
    const chronicle = chronicleOf(events);
    for (let at = 0; at < chronicle.span!.to; at += 17) {
      for (const node of chronicle.nodes()) {
        const last = events.findLast((event) => event.node === node && event.at <= at);
        const state =
          last === undefined ? 'never-seen'
          : last.type === 'crash' ? 'crashed'
          : last.type === 'pause' ? 'paused'
          : 'up'; // prettier-ignore
        expect([at, chronicle.stateAt(node, at)]).toEqual([at, state]);
      }
    }
  });

  test.each(runs)(
    'TRACE-18 flights are the messages between their two times (seed $seed)',
    (run) => {
      const chronicle = chronicleOf(shuffled(run.events, run.seed));
      const sends = run.events.filter((event) => event.type === 'send');
      const ends = sends.map((event) => {
        const receipts = chronicle.causality.receiptsOf(event);
        return Math.min(...receipts.map(({ at }) => at), Infinity);
      });
      let seen = 0;
      for (let at = 0; at < chronicle.span!.to; at += 29) {
        const under = sends.filter((event, i) => {
          const end = ends[i] === Infinity ? event.at + GIVEN_UP_AFTER_MS : ends[i]!;
          return event.at <= at && end > at;
        });
        seen += under.length;
        const keys = under.map((e) => `${e.node}.${e.incarnation}.${e.message}>${e.to}`);
        expect(chronicle.flightsAt(at).map(({ key }) => key).sort()).toEqual(keys.sort()); // prettier-ignore
      }
      expect(seen).toBeGreaterThan(20);
    },
  );
});

function seenAt(chronicle: Chronicle, at: number) {
  const nodes = chronicle.nodes().sort();
  return {
    states: nodes.map((node) => [node, chronicle.stateAt(node, at), chronicle.incarnationAt(node, at)]), // prettier-ignore
    links: chronicle.openLinksAt(at).map(({ node, peer }) => `${node}>${peer}`).sort(), // prettier-ignore
    flights: chronicle.flightsAt(at).map(({ key, arrivesAt }) => `${key} ${arrivesAt}`).sort(), // prettier-ignore
    lost: chronicle.lostBetween(at - 13, at).map(({ key }) => key).sort(), // prettier-ignore
    events: chronicle.between(at - 13, at).map((event) => event.at),
  };
}

describe('one thing at a time', () => {
  test('TRACE-16 a pause that was noticed when it was over was one while it lasted', () => {
    const a = new Life(A);
    const chronicle = chronicleOf([
      a.did(0, { type: 'start' }),
      a.did(500, { type: 'pause', lengthMs: 400 }),
    ]);
    expect([50, 150, 499, 500].map((at) => chronicle.stateAt(A, at))).toEqual(['up', 'paused', 'paused', 'up']); // prettier-ignore
  });

  test('TRACE-16 whoever does anything is up, though nobody saw it begin', () => {
    const a = new Life(A);
    const chronicle = chronicleOf([a.did(30, send(B, 1)), a.did(20, send(B, 2))]);
    expect([10, 20, 30].map((at) => chronicle.stateAt(A, at))).toEqual(['never-seen', 'up', 'up']);
    expect(chronicle.stateAt(B, 50)).toBe('never-seen');
  });

  test('TRACE-16 a link is open at an end while that life lasts, or until it says otherwise', () => {
    const [one, two, other] = [new Life(A, 1), new Life(A, 2), new Life(B)];
    const chronicle = chronicleOf([
      one.did(1, { type: 'up', peer: B }),
      other.did(2, { type: 'up', peer: A }),
      one.did(10, { type: 'crash' }),
      two.did(20, { type: 'start' }),
      other.did(25, { type: 'down', peer: A, reason: 'gone' }),
      two.did(30, { type: 'up', peer: B }),
    ]);
    const open = (at: number) => chronicle.openLinksAt(at).map(({ node }) => node);
    expect([0, 5, 10, 20, 26, 30].map(open)).toEqual([[], [A, B], [B], [B], [], [A]]);
  });

  test('TRACE-17 what lies upon a node is what its newest order said, if it said anything', () => {
    const a = new Life(A);
    const rules = { links: [{ to: B, rule: { latencyMs: 50 } }], node: { slowMs: 5 } };
    const chronicle = chronicleOf([
      a.did(10, { type: 'order', title: 'slows', version: 1, under: rules }),
      a.did(20, { type: 'order', title: 'jumps', version: null, under: null }),
      a.did(30, { type: 'order', title: 'heals', version: 2, under: { links: [], node: {} } }),
    ]);
    expect([5, 10, 20, 30].map((at) => chronicle.burdensAt(A, at).node)).toEqual([{}, { slowMs: 5 }, { slowMs: 5 }, {}]); // prettier-ignore
  });

  test('TRACE-17 an order is there once, at the time when the first node heard of it', () => {
    const [a, b] = [new Life(A), new Life(B)];
    const told = (version: number | null): Happening => ({ type: 'order', title: 'cuts', version, under: null }); // prettier-ignore
    const chronicle = chronicleOf([
      b.did(12, told(1)),
      a.did(10, told(1)),
      a.did(40, told(null)),
      a.did(50, told(null)),
    ]);
    expect(chronicle.orders().map(({ at, version }) => [at, version])).toEqual([[10, 1], [40, null], [50, null]]); // prettier-ignore
  });

  test('TRACE-18 a message without a receipt is under way until it is given up, and then lost', () => {
    const a = new Life(A);
    const chronicle = chronicleOf([a.did(100, send(B, 1))]);
    const end = 100 + GIVEN_UP_AFTER_MS;
    expect([99, 100, end - 1, end].map((at) => chronicle.flightsAt(at).length)).toEqual([0, 1, 1, 0]); // prettier-ignore
    expect(chronicle.lostBetween(end - 1, end).map(({ message }) => message)).toEqual([1]);
    expect(chronicle.lostBetween(end, end + 1)).toEqual([]);
  });

  test('TRACE-18 where rules make a way slow, more patience is had', () => {
    const a = new Life(A);
    const under = { links: [{ to: B, rule: { latencyMs: 3_000, bytesPerSecond: 100, queueBytes: 100 } }], node: {} }; // prettier-ignore
    const chronicle = chronicleOf([
      a.did(0, { type: 'order', title: 'slow', version: 1, under }),
      a.did(100, send(B, 1)),
    ]);
    expect(chronicle.flightsAt(100)[0]!.givenUpAt).toBe(100 + GIVEN_UP_AFTER_MS + 4_000);
  });

  test('TRACE-18 a receipt that is told late ends the flight at its own time', () => {
    const [a, b] = [new Life(A), new Life(B)];
    const sending = a.did(100, send(B, 1));
    const chronicle = chronicleOf([sending, b.did(9_000, receive(A, 1), { [A]: 1 })]);
    expect(chronicle.flightsAt(8_999)).toHaveLength(1);
    expect(chronicle.flightsAt(9_000)).toHaveLength(0);
    expect(chronicle.latency.byLink()[0]).toMatchObject({ from: A, to: B, minMs: 8_900 });
  });

  test('TRACE-18 of two copies the first one ends the flight, whichever is told first', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      // prettier-ignore
      const [a, b] = [new Life(A), new Life(B)];
      const sending = a.did(100, send(B, 1));
      const receipts = [
        b.did(150, receive(A, 1), { [A]: 1 }),
        b.did(300, receive(A, 1), { [A]: 1 }),
      ];
      const chronicle = chronicleOf([sending, ...order.map((i) => receipts[i]!)]);
      expect(chronicle.flight(sending as TraceEvent & { type: 'send' })?.arrivesAt).toBe(150);
      expect(chronicle.flightsAt(200)).toEqual([]);
    }
  });

  test('TRACE-19 nor is one to a node that had not begun to tell', () => {
    const chronicle = chronicleOf([new Life(A).did(100, send(B, 1))]);
    chronicle.account(A, { at: 50, level: 0, events: 1, leftOut: new Map(), lost: 0 });
    chronicle.account(B, { at: 120, level: 0, events: 0, leftOut: new Map(), lost: 0 });
    expect(chronicle.lostBetween(0, 1e6)).toEqual([]);
  });

  test('TRACE-19 a message whose receipt was not to be told is not said to be lost', () => {
    const message = [1, 2, 3, 4, 5].find((number) => levelOf(A, number) === 0)!;
    const chronicle = chronicleOf([new Life(A).did(100, send(B, message))]);
    expect(chronicle.flightsAt(101)).toHaveLength(1);
    chronicle.account(B, { at: 50, level: 0, events: 0, leftOut: new Map(), lost: 0 });
    expect(chronicle.flightsAt(101)).toHaveLength(1);
    chronicle.account(B, { at: 150, level: 1, events: 0, leftOut: new Map(), lost: 0 });
    expect(chronicle.flightsAt(101)).toHaveLength(0);
    expect(chronicle.lostBetween(0, 1e6)).toEqual([]);
  });

  test('TRACE-19 what was left out is counted all the same, and shown', () => {
    const chronicle = chronicleOf([new Life(A).did(1, send(B, 1))]);
    const left = { sent: 3, sentBytes: 30, received: 2, receivedBytes: 10 };
    chronicle.account(A, { at: 2, level: 2, events: 1, leftOut: new Map([['p', left]]), lost: 4 });
    chronicle.account(A, { at: 3, level: 1, events: 5, leftOut: new Map(), lost: 1 });
    expect(chronicle.accounts().get(A)).toEqual({ told: 6, leftOut: 5, lost: 5, level: 1 });
    expect(chronicle.traffic.of(A)['p']).toMatchObject({ messagesSent: 4, bytesSent: 39, messagesReceived: 2 }); // prettier-ignore
  });

  test('TRACE-20 what makes room is gone, and what it changed is still known', () => {
    const [a, b] = [new Life(A), new Life(B)];
    const events = [a.did(1, { type: 'start' }), a.did(2, { type: 'up', peer: B })];
    for (let i = 1; i <= 20; i++) events.push(a.did(10 + i, send(B, i)));
    events.push(b.did(99, { type: 'start' }));
    const chronicle = chronicleOf(events, 10);
    expect(chronicle.size).toBe(10);
    expect(chronicle.span).toEqual({ from: 22, to: 99 });
    expect(chronicle.flightsAt(40)).toHaveLength(9);
    expect(chronicle.linkOpenAt(A, B, 15)).toBe(true);
  });
});
