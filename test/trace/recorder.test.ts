import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/trace/event.ts';
import { Counters } from '../../src/trace/metrics.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { testNodeId } from '../support/node-ids.ts';

function filled(events: number, capacity = 10): Recorder {
  const recorder = new Recorder(capacity);
  for (let sequence = 1; sequence <= events; sequence++) recorder.record(event(sequence));
  return recorder;
}

function event(sequence: number): TraceEvent {
  const stamp = { node: testNodeId(0), incarnation: 1, sequence, lamport: sequence, vector: {} };
  return { ...stamp, at: 0, wall: 0, monotonic: 0, type: 'start' };
}

function excerpt(recorder: Recorder, since: number, limit: number) {
  const { events, next, dropped } = recorder.since(since, limit);
  return { sequences: events.map(({ sequence }) => sequence), next, dropped };
}

test('TRACE-1 events come back in order, as many as asked for, and one asks on from there', () => {
  const recorder = filled(5);
  expect(excerpt(recorder, 0, 3)).toEqual({ sequences: [1, 2, 3], next: 3, dropped: 0 });
  expect(excerpt(recorder, 3, 3)).toEqual({ sequences: [4, 5], next: 5, dropped: 0 });
  expect(excerpt(recorder, 5, 3)).toEqual({ sequences: [], next: 5, dropped: 0 });
});

test('TRACE-2 the newest are kept, and how many are gone is said', () => {
  const recorder = filled(25);
  expect(recorder.dropped).toBe(15);
  const sequences = [16, 17, 18, 19, 20, 21, 22, 23, 24, 25];
  expect(excerpt(recorder, 0, 100)).toEqual({ sequences, next: 25, dropped: 15 });
  expect(excerpt(recorder, 12, 2)).toEqual({ sequences: [16, 17], next: 17, dropped: 3 });
  expect(excerpt(recorder, 20, 2)).toEqual({ sequences: [21, 22], next: 22, dropped: 0 });
});

test('TRACE-1 one who is ahead of what was recorded gets nothing', () => {
  expect(excerpt(filled(5), 9, 3)).toEqual({ sequences: [], next: 9, dropped: 0 });
});

test('counters add up, and name only the reasons that occurred', () => {
  const counters = new Counters();
  counters.sent(10);
  counters.sent(5);
  counters.received(7);
  counters.drop('schema');
  counters.drop('schema');
  expect(counters.snapshot()).toEqual({
    messagesSent: 2,
    bytesSent: 15,
    messagesReceived: 1,
    bytesReceived: 7,
    dropped: { schema: 2 },
  });
});
