import { beforeEach, describe, expect, test } from 'vitest';
import { Telemetry, TELL_EVERY_MS, type Way } from '../../../client/session/telemetry.ts';
import { Watching, TOTAL_EVENTS_PER_SECOND } from '../../../client/session/watching.ts';
import { VirtualTime } from '../../../src/simulator/virtual-time.ts';
import type { Happening, TraceEvent } from '../../../src/trace/event.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { isCommon, levelOfEvent } from '../../../src/trace/sampling.ts';
import { tickOf } from '../../../src/trace/timeline.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';

const TEACHER = testNodeId(99);

/** A tab that is told what to record, on a machine whose clock is `ahead`, and how its link stands. */
class Tab {
  readonly node: NodeId;
  readonly recorder: Recorder;
  readonly telemetry: Telemetry;
  readonly watching: Watching;
  way: Way = 'clear';
  batches = 0;
  latencyMs = 2;
  private readonly time: VirtualTime;
  private readonly ahead: number;
  private sequence = 0;
  private message = 0;

  constructor(time: VirtualTime, watching: Watching, node: NodeId, ahead = 0, capacity?: number) {
    this.time = time;
    this.watching = watching;
    this.node = node;
    this.ahead = ahead;
    this.recorder = new Recorder(capacity);
    const timers = {
      now: time.now,
      after: (delayMs: number, ring: () => void) => time.alarm(time.now() + delayMs, ring),
    };
    this.telemetry = new Telemetry({
      timers,
      recorder: this.recorder,
      trueTime: () => time.now() + ahead,
      way: () => this.way,
      tell: (_to, batch) => {
        this.batches += 1;
        time.alarm(time.now() + this.latencyMs, () => watching.told(node, batch));
      },
    });
  }

  did(happening: Happening, knows: { readonly [id: string]: number } = {}): TraceEvent {
    this.sequence += 1;
    const { node, sequence } = this;
    const at = this.time.now() + this.ahead;
    const event = { node, incarnation: 1, sequence, lamport: sequence, vector: { ...knows, [node]: sequence }, at, wall: at, monotonic: at, ...happening }; // prettier-ignore
    this.recorder.record(event);
    return event;
  }

  sends(to: NodeId, count = 1): void {
    for (let i = 0; i < count; i++) {
      this.message += 1;
      this.did({ type: 'send', to, protocol: 'p', kind: 'k', message: this.message, bytes: 10 });
    }
  }

  receives(from: NodeId, message: number): void {
    // It knows of all that the sender has done, the sending of this message included.
    this.did({ type: 'receive', from, protocol: 'p', message, bytes: 10 }, { [from]: 1e6 });
  }
}

let time: VirtualTime;
let tabs: Map<NodeId, Tab>;
let open: NodeId[];
let watching: Watching;
let seen: TraceEvent[];

beforeEach(() => {
  time = new VirtualTime();
  tabs = new Map();
  open = [];
  seen = [];
  watching = new Watching({
    trueTime: time.now,
    linked: () => open,
    ask: (node, watch) => tabs.get(node)!.telemetry.watched(TEACHER, watch),
    seen: (event) => seen.push(event),
    accounted: () => {},
  });
});

function tab(index: number, ahead = 0, capacity?: number): Tab {
  const made = new Tab(time, watching, testNodeId(index), ahead, capacity);
  tabs.set(made.node, made);
  return made;
}

function link(...to: Tab[]): void {
  for (const { node } of to) {
    open.push(node);
    watching.linked(node);
  }
}

const A_SECOND = 1_000;
const settle = () => time.runFor(2 * TELL_EVERY_MS);
const ticks = (node: NodeId) => watching.chronicle.causality.eventsOf(node).map(tickOf);

describe('what an observer is told', () => {
  test('TELL-1 nothing is told to nobody', () => {
    const a = tab(0);
    a.sends(TEACHER, 5);
    time.runFor(A_SECOND);
    expect(a.batches).toBe(0);
  });

  test('TELL-2 all that happens from then on, and of what was before all but messages', () => {
    const a = tab(0);
    a.did({ type: 'start' });
    a.sends(testNodeId(1), 3);
    a.did({ type: 'up', peer: testNodeId(1) });
    link(a);
    a.sends(testNodeId(1), 2);
    settle();
    expect(ticks(a.node)).toEqual([1, 5, 6, 7]);
    expect(seen).toHaveLength(4);
    expect(watching.chronicle.accounts().get(a.node)).toEqual({ told: 4, leftOut: 0, lost: 0, level: 0 }); // prettier-ignore
  });

  test('TELL-3 after a link was lost it goes on where it was', () => {
    const a = tab(0);
    link(a);
    a.sends(testNodeId(1), 3);
    settle();
    a.way = 'gone';
    a.sends(testNodeId(1), 4);
    settle();
    a.way = 'clear';
    watching.linked(a.node);
    settle();
    expect(ticks(a.node)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(watching.chronicle.accounts().get(a.node)?.told).toBe(7);
  });

  test('TELL-4 beyond the budget both ends keep the same messages, and all that is rare', () => {
    const [a, b] = [tab(0), tab(1)];
    link(a, b);
    for (let i = 1; i <= 4_000; i++) {
      a.sends(b.node);
      b.receives(a.node, i);
      if (i % 100 === 0) a.did({ type: 'note', protocol: 'p', kind: 'k', detail: {} });
      time.runFor(0.1);
    }
    settle();
    const { causality } = watching.chronicle;
    const sends = causality.eventsOf(a.node).filter(isCommon);
    const receipts = causality.eventsOf(b.node).filter(isCommon);
    const both = sends.filter((send) => send.type === 'send' && causality.receiptsOf(send).length === 1); // prettier-ignore
    expect(sends.length).toBeLessThan(3_000);
    expect(both.length / Math.max(sends.length, receipts.length)).toBeGreaterThan(0.85);
    expect(causality.eventsOf(a.node).length - sends.length).toBe(40);
    expect(watching.chronicle.lostBetween(0, 1e9)).toEqual([]);
  });

  test('TELL-4 in all no more is told than the observer has asked for', () => {
    const crowd = Array.from({ length: 10 }, (_, i) => tab(i));
    link(...crowd);
    const SECONDS = 5;
    for (let ms = 0; ms < SECONDS * A_SECOND; ms += 10) {
      for (const one of crowd) one.sends(TEACHER, 10);
      time.runFor(10);
    }
    settle();
    const told = watching.chronicle.size;
    // A burst of one second, once.
    expect(told).toBeLessThan(TOTAL_EVENTS_PER_SECOND * (SECONDS + 1));
    expect(told).toBeGreaterThan((TOTAL_EVENTS_PER_SECOND * SECONDS) / 4);
  });

  test('TELL-5 what was left out is said, by number and in the traffic', () => {
    const a = tab(0);
    link(a);
    for (let i = 0; i < 100; i++) {
      a.sends(TEACHER, 120);
      time.runFor(10);
    }
    settle();
    const { told, leftOut, level } = watching.chronicle.accounts().get(a.node)!;
    expect(told + leftOut).toBe(12_000);
    expect(leftOut).toBeGreaterThan(2_000);
    expect(level).toBeGreaterThan(0);
    expect(watching.chronicle.traffic.of(a.node)['p']).toMatchObject({ messagesSent: 12_000, bytesSent: 120_000 }); // prettier-ignore
  });

  test('TELL-5 what the recorder lost while the way was busy is said', () => {
    const a = tab(0, 0, 100);
    link(a);
    settle();
    a.way = 'busy';
    a.sends(TEACHER, 250);
    settle();
    expect(watching.chronicle.size).toBe(0);
    a.way = 'clear';
    settle();
    expect(watching.chronicle.accounts().get(a.node)).toMatchObject({ told: 100, lost: 150 });
  });

  test('TELL-6 garbage is counted and changes nothing, nor does an event that comes again', () => {
    const a = tab(0);
    watching.told(a.node, Uint8Array.of(1, 2, 3));
    expect([watching.unreadable(a.node), watching.chronicle.size]).toEqual([1, 0]);
    link(a);
    a.sends(TEACHER, 3);
    settle();
    a.telemetry.watched(TEACHER, { type: 'watch', eventsPerSecond: 100, after: 1 });
    settle();
    expect([ticks(a.node), seen.length]).toEqual([[1, 2, 3], 3]);
  });
});

describe('machines whose clocks differ', () => {
  test('TELL-7 no message seems to arrive before it was sent by more than the quickest ways differ', () => {
    const [a, b] = [tab(0, 250_000), tab(1, -90_000)];
    a.latencyMs = 1;
    b.latencyMs = 6;
    link(a, b);
    settle();
    for (let message = 1; message <= 50; message++) {
      a.sends(b.node);
      time.runFor(3);
      b.receives(a.node, message);
      time.runFor(40);
    }
    settle();
    const { minMs, maxMs } = watching.chronicle.latency.byLink()[0]!;
    // It took 3 ms; b's quickest batch is 5 ms slower than a's.
    expect([minMs, maxMs]).toEqual([expect.closeTo(8, 1), expect.closeTo(8, 1)]);
  });

  test('TELL-7 a better estimate puts none of a node before its last, and lateness is not believed for long', () => {
    const a = tab(0, 5_000);
    a.latencyMs = 400;
    link(a);
    a.sends(TEACHER);
    time.runFor(A_SECOND);
    a.latencyMs = 1;
    for (let i = 0; i < 20; i++) {
      a.sends(TEACHER);
      time.runFor(TELL_EVERY_MS);
    }
    settle();
    const times = watching.chronicle.causality.eventsOf(a.node).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.at(-1)! - (time.now() - 3 * TELL_EVERY_MS)).toBeCloseTo(1, 1);
  });
});

test('TELL-4 a hash of sender and number halves what is kept from level to level', () => {
  const levels = Array.from(
    { length: 4_096 },
    (_, message) =>
    levelOfEvent({ type: 'send', node: testNodeId(message % 7), message } as TraceEvent & { type: 'send' }), // prettier-ignore
  );
  for (const level of [1, 2, 3, 4]) {
    const kept = levels.filter((one) => one >= level).length;
    expect(kept / levels.length).toBeCloseTo(2 ** -level, 1);
  }
});
