import { describe, expect, test } from 'vitest';
import { Activity } from '../../../../client/views/spacetime/activity.ts';
import { CatchUp } from '../../../../client/views/spacetime/catch-up.ts';
import { Lifelines } from '../../../../client/views/spacetime/lifelines.ts';
import { Causality } from '../../../../src/trace/causality.ts';
import type { TraceEvent } from '../../../../src/trace/event.ts';
import { LESSON_BEGAN_AT, quietLesson, splitLesson } from '../../../support/lesson-trace.ts';

const HOUR_MS = 3_600_000;

function counting() {
  const seen: TraceEvent[] = [];
  let resets = 0;
  const reset = () => {
    seen.length = 0;
    resets += 1;
  };
  const take = (event: TraceEvent) => void seen.push(event);
  return { seen, resets: () => resets, fed: { reset, take } };
}

describe('catching up with the rows', () => {
  const { events } = quietLesson();

  test('hands on each event once while rows grow at their ends', () => {
    const causality = new Causality();
    const { seen, resets, fed } = counting();
    const catchUp = new CatchUp([fed]);
    for (const [i, event] of events.entries()) {
      causality.add(event);
      if (i % 7 === 0) catchUp.look(causality.rows());
    }
    catchUp.look(causality.rows());
    expect(new Set(seen)).toEqual(new Set(events));
    expect([seen.length, resets()]).toEqual([events.length, 0]);
  });

  test('begins anew when a late event comes', () => {
    const causality = new Causality(events.length);
    const { seen, resets, fed } = counting();
    const catchUp = new CatchUp([fed]);
    const late = events[40]!;
    for (const event of events) if (event !== late) causality.add(event);
    catchUp.look(causality.rows());
    causality.add(late);
    catchUp.look(causality.rows());
    expect([seen.length, resets()]).toEqual([events.length, 1]);
    expect(seen).toContain(late);
  });

  test('stays with what it has while a few of the oldest go, and begins anew when they are many', () => {
    const causality = new Causality(events.length);
    const { seen, resets, fed } = counting();
    const catchUp = new CatchUp([fed]);
    for (const event of events) causality.add(event);
    catchUp.look(causality.rows());
    const few = Math.floor(events.length / 10);
    const more = events.slice(-1 - few).map((event, i) => ({ ...event, sequence: 1_000_000 + i }));
    for (const event of more.slice(0, few)) causality.add(event);
    catchUp.look(causality.rows());
    expect([seen.length, resets()]).toEqual([events.length + few, 0]);
    expect(seen).toEqual(expect.arrayContaining(more.slice(0, few)));
    causality.add(more[few]!);
    catchUp.look(causality.rows());
    expect([seen.length, resets()]).toEqual([events.length, 1]);
    expect(seen).not.toContain(events[0]);
  });
});

describe('activity', () => {
  const { events } = quietLesson();

  test('says what was quiet, whatever order events come in', () => {
    for (const order of [events, events.toReversed()]) {
      const activity = new Activity();
      for (const event of order) activity.take(event);
      const quiet = activity.quiet(3_000);
      expect(quiet).toHaveLength(1);
      const [{ from, to }] = quiet as [{ from: number; to: number }];
      expect(from - LESSON_BEGAN_AT).toBeGreaterThan(2_000);
      expect(to - LESSON_BEGAN_AT).toBeLessThan(33_500);
      expect(events.filter(({ at }) => at >= from && at <= to)).toEqual([]);
    }
  });

  test('what is not shown makes no noise', () => {
    const activity = new Activity(({ type }) => type === 'start');
    for (const event of events) activity.take(event);
    expect(activity.parts(LESSON_BEGAN_AT, LESSON_BEGAN_AT + HOUR_MS, 1)).toEqual([4]);
  });

  test('its parts have every event once', () => {
    const activity = new Activity();
    for (const event of events) activity.take(event);
    const parts = activity.parts(LESSON_BEGAN_AT, LESSON_BEGAN_AT + 40_000, 40);
    expect(parts.reduce((a, b) => a + b)).toBe(events.length);
    expect(parts.slice(5, 30)).toEqual(Array.from({ length: 25 }, () => 0));
  });
});

describe('lifelines', () => {
  test('show a pause until the node runs again, and a death until the next life', () => {
    const { events, nodes } = splitLesson();
    const lifelines = new Lifelines();
    for (const event of events) lifelines.take(event);
    const states = (index: number) =>
      lifelines.between(nodes[index]!, 0, Infinity).map(({ state }) => state);
    expect(states(4)).toEqual(['up', 'paused', 'up']);
    expect(states(6)).toEqual(['up', 'down', 'up']);
    const [, paused] = lifelines.between(nodes[4]!, 0, Infinity);
    expect(paused!.to! - paused!.from).toBe(2_100);
    expect(lifelines.between(nodes[4]!, paused!.from + 1, paused!.from + 2)).toEqual([paused]);
  });

  test('a pause that was noticed late is drawn where it was', () => {
    const lifelines = new Lifelines();
    const start = splitLesson().events[0]!;
    lifelines.take(start);
    lifelines.take({ ...start, type: 'pause', lengthMs: 300, at: start.at + 1_000 });
    expect(lifelines.between(start.node, 0, Infinity)).toMatchObject([
      { state: 'up' },
      { state: 'paused', from: start.at + 700, to: start.at + 1_000 },
      { state: 'up', to: null },
    ]);
  });
});
