import { describe, expect, test } from 'vitest';
import { Layout } from '../../../../client/views/spacetime/layout.ts';
import {
  acrossLines,
  alongLine,
  step,
  type Ground,
} from '../../../../client/views/spacetime/moves.ts';
import { pathWords } from '../../../../client/views/spacetime/path-words.ts';
import { eventAt, eventsBetween, labelOf } from '../../../../client/views/spacetime/select.ts';
import { shownBy } from '../../../../client/views/spacetime/filter.ts';
import { TimeAxis } from '../../../../client/views/spacetime/time-axis.ts';
import { Causality } from '../../../../src/trace/causality.ts';
import type { TraceEvent } from '../../../../src/trace/event.ts';
import { LESSON_BEGAN_AT, splitLesson } from '../../../support/lesson-trace.ts';

const { events, nodes } = splitLesson();
const causality = new Causality();
for (const event of events) causality.add(event);

const groundWith = (shows: Ground['shows'] = () => true): Ground => ({
  nodes,
  eventsOf: (node) => causality.eventsOf(node),
  shows,
});
const ground = groundWith();

describe('moving from event to event', () => {
  test('stepping passes every event once, also those of one moment, and back again', () => {
    const forward: TraceEvent[] = [];
    for (let at = step(ground, null, 0, 1); at; at = step(ground, at, 0, 1)) forward.push(at);
    expect(new Set(forward).size).toBe(forward.length);
    expect(forward.length).toBe(events.length);
    expect(forward.map(({ at }) => at)).toEqual(
      events.map(({ at }) => at).toSorted((a, b) => a - b),
    );
    const back: TraceEvent[] = [];
    for (let at = step(ground, null, Infinity, -1); at; at = step(ground, at, 0, -1)) back.push(at);
    expect(back.toReversed()).toEqual(forward);
  });

  test('hidden events are passed over, along the line and in time', () => {
    const talk = groundWith(shownBy(new Set(['ping', 'timesync'])));
    const said: TraceEvent[] = [];
    for (let at = step(talk, null, 0, 1); at; at = step(talk, at, 0, 1)) said.push(at);
    expect(said).toHaveLength(events.filter(talk.shows).length);
    expect(said.length).toBeLessThan(events.length / 2);
    const first = causality.eventsOf(nodes[0]!).find(talk.shows)!;
    const next = alongLine(talk, first, 1)!;
    expect(talk.shows(next) && next.node === first.node).toBe(true);
  });

  test('up and down lead to what is nearest in time on the next line', () => {
    const event = causality.eventsOf(nodes[3]!)[200]!;
    const below = acrossLines(ground, event, 1)!;
    const least = Math.min(
      ...causality.eventsOf(nodes[4]!).map(({ at }) => Math.abs(at - event.at)),
    );
    expect(below.node).toBe(nodes[4]);
    expect(Math.abs(below.at - event.at)).toBe(least);
    expect(acrossLines(ground, causality.eventsOf(nodes[0]!)[5]!, -1)).toBeUndefined();
  });
});

describe('pointing at the canvas', () => {
  const layout = new Layout({ width: 1_000, height: 300 }, nodes.length, 60);
  const axis = new TimeAxis([], { right: LESSON_BEGAN_AT + 6_000, msPerPx: 4 }, layout.right);

  test('finds the nearest event of the line, and nothing where nothing is near', () => {
    const event = causality.eventsOf(nodes[2]!).find(({ at }) => at > LESSON_BEGAN_AT + 4_000)!;
    const at = { x: axis.xOf(event.at), y: layout.yOf(2) + 3 };
    expect(eventAt(ground, { axis, layout }, at)?.at).toBe(event.at);
    expect(eventAt(ground, { axis, layout }, { ...at, y: 2 })).toBeUndefined();
    expect(
      eventAt(
        groundWith(() => false),
        { axis, layout },
        at,
      ),
    ).toBeUndefined();
  });

  test('the table has what the window has, in the order of time', () => {
    const [from, to] = [LESSON_BEGAN_AT + 1_000, LESSON_BEGAN_AT + 2_000];
    const found = eventsBetween(ground, from, to);
    expect(found).toHaveLength(events.filter(({ at }) => at >= from && at <= to).length);
    expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).toSorted((a, b) => a - b));
  });
});

describe('in words', () => {
  const nameOf = (id: string) => `N${nodes.indexOf(id as never)}`;

  test('an event is named by its node, its life and its number', () => {
    const second = causality.eventsOf(nodes[6]!).find(({ incarnation }) => incarnation === 2)!;
    expect(labelOf(second, 'Wren')).toBe('Wren 2.1');
    expect(labelOf(events[0]!, 'Heron')).toBe('Heron 1');
  });

  test('a chain says how many messages it has, and concurrent events that there is none', () => {
    const receive = events.find(({ type }) => type === 'receive')!;
    const send = causality.sendOf(receive as never)!;
    const words = (a: TraceEvent, b: TraceEvent) =>
      pathWords(a, b, { path: causality.path(a, b), order: causality.order(a, b) }, nameOf);
    expect(words(send, receive)).toMatch(/^From N\d \d+ to N\d \d+ over 1 message, in \d+ ms\.$/);
    const [a, b] = [causality.eventsOf(nodes[0]!)[0]!, causality.eventsOf(nodes[1]!)[0]!];
    expect(words(a, b)).toContain('are concurrent');
    const hole = pathWords(receive, send, { path: null, order: 'after' }, nameOf);
    expect(hole).toContain(`${labelOf(send, nameOf(send.node))} came before`);
  });
});
