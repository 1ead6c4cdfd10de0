import { describe, expect, test } from 'vitest';
import { drawWindow, type Window } from '../../../../client/views/spacetime/draw-window.ts';
import { Layout } from '../../../../client/views/spacetime/layout.ts';
import { Lifelines } from '../../../../client/views/spacetime/lifelines.ts';
import { Pairs } from '../../../../client/views/spacetime/messages-drawn.ts';
import type { Picture, Way, Weight } from '../../../../client/views/spacetime/picture.ts';
import { TimeAxis } from '../../../../client/views/spacetime/time-axis.ts';
import { Chronicle } from '../../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../../src/trace/event.ts';
import {
  crowdedLesson,
  LESSON_BEGAN_AT,
  splitLesson,
  type LessonTrace,
} from '../../../support/lesson-trace.ts';

const lesson = splitLesson();
const WHOLE_MS = 12_000;

function windowOf({ events, nodes }: LessonTrace, change: Partial<Window> = {}): Window {
  const chronicle = new Chronicle();
  const lifelines = new Lifelines();
  for (const event of events) {
    chronicle.add(event);
    lifelines.take(event);
  }
  const layout = new Layout({ width: 1_400, height: 400 }, nodes.length, 60);
  const right = LESSON_BEGAN_AT + WHOLE_MS;
  const msPerPx = WHOLE_MS / (layout.right - layout.left);
  return {
    chronicle,
    lifelines,
    pairs: new Pairs(),
    nodes,
    axis: new TimeAxis([], { right, msPerPx }, layout.right),
    layout,
    shows: () => true,
    now: right + 60_000,
    origin: LESSON_BEGAN_AT,
    cone: null,
    path: [],
    selected: [],
    ...change,
  };
}

function count(picture: Picture, of: { way?: Way; weight?: Weight }): number {
  return picture.lines
    .filter((lines) => (of.way ?? lines.way) === lines.way)
    .filter((lines) => (of.weight ?? lines.weight) === lines.weight)
    .reduce((sum, { ends }) => sum + ends.length / 4, 0);
}

const marks = (picture: Picture): number =>
  picture.marks.reduce((sum, { places }) => sum + places.length / 2, 0);

describe('what is drawn of a window', () => {
  const sends = lesson.events.filter(({ type }) => type === 'send');
  const receipts = lesson.events.filter(({ type }) => type === 'receive');

  test('every event is a mark, every receipt a line, and every lost message a broken one', () => {
    const window = windowOf(lesson);
    const picture = drawWindow(window);
    const arrived = new Set(
      receipts.map((receive) => window.chronicle.causality.sendOf(receive as never)),
    );
    expect(marks(picture)).toBe(lesson.events.length);
    expect(count(picture, { way: 'arrived' })).toBe(arrived.size);
    expect(count(picture, { way: 'copy' })).toBe(receipts.length - arrived.size);
    expect(count(picture, { way: 'copy' })).toBeGreaterThan(3);
    expect(count(picture, { way: 'lost' })).toBe(sends.length - arrived.size);
    expect(count(picture, { way: 'lost' })).toBeGreaterThan(100);
  });

  test('a line goes from when and where it was sent to when and where it was received', () => {
    const window = windowOf(lesson);
    const picture = drawWindow(window);
    const receive = receipts.find(({ at }) => at > LESSON_BEGAN_AT + 5_000) as never as {
      at: number;
      node: never;
    };
    const send = window.chronicle.causality.sendOf(receive as never)!;
    const wanted = [
      window.axis.xOf(send.at),
      window.layout.yOf(lesson.nodes.indexOf(send.node)),
      window.axis.xOf(receive.at),
      window.layout.yOf(lesson.nodes.indexOf(receive.node)),
    ];
    const all = picture.lines.flatMap(({ ends }) =>
      Array.from({ length: ends.length / 4 }, (_, i) => ends.slice(4 * i, 4 * i + 4).join()),
    );
    expect(all).toContain(wanted.join());
  });

  test('a message whose fate is not known yet is under way, and not lost', () => {
    const picture = drawWindow(windowOf(lesson, { now: lesson.events.at(-1)!.at }));
    expect(count(picture, { way: 'under-way' })).toBeGreaterThan(0);
    expect(count(picture, { way: 'lost' })).toBeLessThan(
      count(drawWindow(windowOf(lesson)), { way: 'lost' }),
    );
  });

  test('only the window is drawn, with messages that begin before it and end after it', () => {
    const from = LESSON_BEGAN_AT + 4_000;
    const whole = windowOf(lesson);
    const axis = new TimeAxis([], { right: from + 10, msPerPx: 10 / 1_300 }, whole.layout.right);
    const to = axis.timeAt(whole.layout.right);
    const start = axis.timeAt(whole.layout.left);
    const picture = drawWindow({ ...whole, axis });
    expect(marks(picture)).toBe(lesson.events.filter(({ at }) => at >= start && at <= to).length);
    const through = receipts.filter((receive) => {
      const send = whole.chronicle.causality.sendOf(receive as never)!;
      return send.at < start && receive.at > to && receive.at < to + 1_000;
    });
    expect(through.length).toBeGreaterThan(0);
    const spanning = picture.lines.flatMap(({ ends }) =>
      Array.from({ length: ends.length / 4 }, (_, i) => [ends[4 * i]!, ends[4 * i + 2]!] as const),
    );
    expect(
      spanning.filter(([x1, x2]) => x1 < whole.layout.left && x2 > whole.layout.right).length,
    ).toBeGreaterThanOrEqual(through.length);
  });

  test('lines to a row that is hidden are left out, and so is its life', () => {
    const nodes = lesson.nodes.slice(0, 3);
    const picture = drawWindow(windowOf(lesson, { nodes }));
    const among = receipts.filter(
      (event) =>
        nodes.includes(event.node) && nodes.includes((event as never as { from: never }).from),
    );
    expect(picture.rows).toHaveLength(3);
    expect(count(picture, { way: 'arrived' }) + count(picture, { way: 'copy' })).toBe(among.length);
  });

  test('orders are lines across all rows, once for all nodes that were told', () => {
    const { orders } = drawWindow(windowOf(lesson));
    expect(orders.map(({ title }) => title)).toEqual([
      'teacher makes 2 links flaky',
      'teacher splits 5 | 3',
      'teacher heals all',
    ]);
  });

  test('past, future and what is concurrent are told apart as happened-before says', () => {
    const window = windowOf(lesson);
    const event = receipts.find(({ at }) => at > LESSON_BEGAN_AT + 9_000)!;
    const { causality } = window.chronicle;
    const picture = drawWindow({ ...window, cone: causality.cone(event), selected: [event] });
    const known = (weight: Weight) =>
      picture.marks
        .filter((look) => look.weight === weight)
        .reduce((sum, { places }) => sum + places.length / 2, 0);
    expect(known('past')).toBe(causality.past(event).length + 1);
    expect(known('future')).toBe(causality.future(event).length);
    expect(known('faint')).toBe(causality.concurrent(event).length);
    const pastReceipts = causality.past(event).filter(({ type }) => type === 'receive');
    expect(count(picture, { weight: 'past' })).toBe(pastReceipts.length + 1);
  });

  test('more messages than anybody could follow are thinned, the same ones wherever one scrolls', () => {
    const crowd = crowdedLesson();
    const window = windowOf(crowd);
    const picture = drawWindow(window);
    expect(picture.messages).toBeGreaterThan(5_000);
    expect(picture.drawn).toBeLessThanOrEqual(4_000);
    expect(picture.drawn).toBeGreaterThan(1_000);
    const lines = (of: Picture) =>
      of.lines
        .flatMap(({ ends }) => ends.flatMap((_, i) => (i % 4 === 0 ? [ends.slice(i, i + 4)] : [])))
        .map(([x1, y1, x2, y2]) => `${y1} ${y2} ${(x2! - x1!).toFixed(3)}`)
        .toSorted();
    const right = window.axis.view.right - 333;
    const moved = drawWindow({
      ...window,
      axis: new TimeAxis([], { ...window.axis.view, right }, window.layout.right),
    });
    expect(lines(moved)).toEqual(lines(picture));
  });

  test('a pause is a stretch of the row of its own', () => {
    const states = drawWindow(windowOf(lesson)).rows[4]!.stretches.map(({ state }) => state);
    expect(states).toEqual(['up', 'paused', 'up']);
  });

  test('there are no seconds before the first', () => {
    const { ticks } = drawWindow(windowOf(lesson, { origin: LESSON_BEGAN_AT + 5_500 }));
    expect(ticks[0]).toMatchObject({ label: '0 s' } satisfies Partial<
      TraceEvent & { label: string }
    >);
  });
});
