import { describe, expect, test } from 'vitest';
import {
  amount,
  milliseconds,
  signedMilliseconds,
} from '../../../../client/views/charts/figures.ts';
import { isStorm } from '../../../../client/views/charts/calls.ts';
import { Meters, metersAt } from '../../../../client/views/charts/meters.ts';
import { Rates } from '../../../../client/views/charts/rates.ts';
import { Slices, WINDOW_MS } from '../../../../client/views/charts/slices.ts';
import { Chronicle } from '../../../../src/trace/chronicle.ts';
import { Random } from '../../../../src/simulator/random.ts';
import type { TraceEvent } from '../../../../src/trace/event.ts';
import { Latency, byTrueTime } from '../../../../src/trace/latency.ts';
import { stormyRoom } from '../../../bench/theory/storm.ts';
import { LESSON_BEGAN_AT, splitLesson } from '../../../support/lesson-trace.ts';

const { events, nodes } = splitLesson();
const now = events.at(-1)!.at + 1_000;

function shuffled<T>(items: readonly T[]): T[] {
  const random = new Random('shuffle');
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function metersOf(order: readonly TraceEvent[]): Meters {
  const chronicle = new Chronicle();
  const meters = new Meters(chronicle);
  for (const event of order) if (chronicle.add(event)) meters.add(event);
  return meters;
}

describe('slices of time', () => {
  test('keep two minutes and forget what is older, whatever comes', () => {
    const slices = new Slices(1_000, () => ({ count: 0 }));
    for (let t = 0; t < 10 * WINDOW_MS; t += 500) slices.at(t)!.count += 1;
    const kept = slices.upTo(10 * WINDOW_MS - 1);
    expect(kept).toHaveLength(120);
    expect(kept.every(({ slice }) => slice?.count === 2)).toBe(true);
    expect(slices.at(8 * WINDOW_MS)).toBeUndefined();
    expect(slices.at(9 * WINDOW_MS + 500)).toBeDefined();
  });

  test('have nothing where nothing was said', () => {
    const slices = new Slices(1_000, () => 1);
    expect(slices.upTo(5_000)).toEqual([]);
    slices.at(2_000);
    expect(slices.upTo(4_500)).toEqual([
      { at: 2_000, slice: 1 },
      { at: 3_000, slice: undefined },
      { at: 4_000, slice: undefined },
    ]);
  });
});

describe('rates', () => {
  const { rates } = metersOf(events).read(now);

  test('add up to what was sent, in messages and in bytes', () => {
    for (const { protocol, messages, bytes } of rates.series) {
      const sent = events.filter((event) => event.type === 'send' && event.protocol === protocol);
      const sum = (figures: readonly number[]) => figures.reduce((a, b) => a + b, 0);
      expect(sum(messages)).toBe(sent.length);
      expect(sum(bytes)).toBe(sum(sent.map((event) => (event.type === 'send' ? event.bytes : 0))));
    }
    expect(rates.series.map(({ protocol }) => protocol)).toEqual(['flood', 'ping', 'timesync']);
  });

  test('a second has what was sent in it', () => {
    const third = rates.times.indexOf(LESSON_BEGAN_AT + 3_000);
    const inIt = events.filter(({ at, ...event }) => {
      const second = Math.floor((at - LESSON_BEGAN_AT) / 1_000);
      return event.type === 'send' && event.protocol === 'ping' && second === 3;
    });
    expect(rates.series[1]!.messages[third]).toBe(inIt.length);
  });

  test('what was counted and not told is in it too', () => {
    const rate = new Rates();
    rate.sent(5_500, 'flood', { messages: 40, bytes: 4_000 });
    expect(rate.read(6_999).series).toEqual([
      { protocol: 'flood', messages: [40], bytes: [4_000] },
    ]);
  });

  test('more protocols than there can be count together', () => {
    const rate = new Rates();
    for (let i = 0; i < 100; i++) rate.sent(0, `p${i}`, { messages: 1, bytes: 1 });
    const { series } = rate.read(1_000);
    expect(series).toHaveLength(65);
    expect(series.find(({ protocol }) => protocol === '?')!.messages).toEqual([36]);
  });
});

describe('latencies', () => {
  test('are those of all receipts, whatever order events come in', () => {
    const whole = new Latency(byTrueTime);
    for (const event of events) whole.add(event);
    for (const order of [events, events.toReversed(), shuffled(events)]) {
      const { latency } = metersOf(order).read(now);
      const { flood } = whole.byProtocol();
      expect(latency.byProtocol[0]).toEqual({ protocol: 'flood', ...flood });
      const counts = latency.byLink.map(({ count }) => count);
      expect(counts.reduce((a, b) => a + b)).toBe(
        events.filter(({ type }) => type === 'receive').length,
      );
    }
  });

  test('a pause shows in the slice in which the messages arrived', () => {
    const { latency } = metersOf(events).read(now);
    const at = (ms: number) =>
      latency.times.findIndex(
        (time) => time <= LESSON_BEGAN_AT + ms && time + 5_000 > LESSON_BEGAN_AT + ms,
      );
    expect(latency.p99[at(1_000)]).toBeLessThan(120);
    expect(latency.p99[at(6_600)]).toBeGreaterThan(1_000);
  });
});

describe('offsets', () => {
  test('show a clock that leaps, from then on, and no other', () => {
    const { offsets } = metersOf(events).read(now);
    const of = (index: number) => offsets.nodes.find(({ node }) => node === nodes[index])!;
    expect(of(5).latestMs).toBeCloseTo(5_000, 6);
    expect(of(5).offsetMs[3]).toBeCloseTo(0, 6);
    expect(of(2).latestMs).toBeCloseTo(0, 6);
  });
});

describe('calls', () => {
  /** One node is called by all, frozen for five seconds, and free for twenty. */
  function callsAfter(policy: 'careful' | 'naive') {
    const told: TraceEvent[] = [];
    const { cluster, service, seconds } = stormyRoom(policy, 1, (event) => told.push(event));
    cluster.time.runFor(10_000);
    service.pause();
    cluster.time.runFor(5_000);
    service.resume();
    cluster.time.runFor(20_000);
    const { calls } = metersOf(told).read(cluster.time.now() + 1_000);
    return { calls, counted: seconds() };
  }
  const total = (figures: readonly number[]) => figures.reduce((a, b) => a + b, 0);

  test('add up to what each node has counted', () => {
    const { calls, counted } = callsAfter('careful');
    for (const what of ['offered', 'answered', 'retries'] as const)
      expect(total(calls[what])).toBe(total(counted.map((second) => second[what])));
    expect(total(calls.answered)).toBeGreaterThan(500);
  });

  test('show a storm that keeps itself going, and none where callers retry with care', () => {
    const naive = callsAfter('naive').calls;
    expect(isStorm(naive)).toBe(true);
    expect(naive.queue.at(-1)).toBeGreaterThan(50);
    expect(isStorm(callsAfter('careful').calls)).toBe(false);
    expect(metersOf(events).read(now).calls.times).toEqual([]);
  });

  test('are no storm while most are answered in time, however often they are tried', () => {
    const readings = (answered: number, retries: number) =>
      ({ times: [0], offered: [35], answered: [answered], retries: [retries], queue: [0] }); // prettier-ignore
    expect([readings(30, 80), readings(5, 20), readings(5, 80)].map(isStorm)).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('are those of the protocol of calls alone', () => {
    const meters = new Meters(new Chronicle());
    const note = (protocol: string): TraceEvent =>
      ({ ...events[0]!, type: 'note', protocol, kind: 'calls', detail: { offered: 3 } }); // prettier-ignore
    meters.add(note('some-lab'));
    expect(meters.read(now).calls.times).toEqual([]);
    meters.add(note('requests'));
    expect(total(meters.read(now).calls.offered)).toBe(3);
  });
});

describe('meters of a replay', () => {
  test('are what live ones were at that time', () => {
    const time = LESSON_BEGAN_AT + 7_000;
    const chronicle = new Chronicle();
    for (const event of shuffled(events)) chronicle.add(event);
    const then = metersOf(events.filter(({ at }) => at <= time));
    expect(metersAt(chronicle, time).read(time)).toEqual(then.read(time));
  });
});

describe('figures', () => {
  test('are as exact as one reads them', () => {
    expect([0.04, 12.34, 1_234, 12_345, 3_456_789].map(amount)).toEqual([
      '0',
      '12.3',
      '1.2 k',
      '12 k',
      '3.5 M',
    ]);
    expect([0.44, 12.6, 1_843.2, -52].map(milliseconds)).toEqual(['0.4', '13', '1,843', '−52']);
    expect([1_843, -52, 0.01, -0.01].map(signedMilliseconds)).toEqual(['+1,843', '−52', '0', '0']);
  });
});
