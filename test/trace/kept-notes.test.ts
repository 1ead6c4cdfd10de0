import { expect, test } from 'vitest';
import type { TraceEvent } from '../../src/trace/event.ts';
import { KeptNotes } from '../../src/trace/kept-notes.ts';
import { MAX_COUNTED_NODES } from '../../src/trace/traffic.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

const [A, B] = [testNodeId(0), testNodeId(1)];

function tally(node: NodeId, at: number, engine: string, lost: number, kind = 'tally'): TraceEvent {
  const clocks = { incarnation: 1, sequence: at, lamport: at, vector: {} };
  const times = { at, wall: at, monotonic: at };
  return { node, ...clocks, ...times, type: 'note', protocol: 'board', kind, detail: { engine, lost } }; // prettier-ignore
}

function kept(...events: TraceEvent[]): KeptNotes {
  const notes = new KeptNotes('board', 'tally', 'engine');
  for (const event of events) notes.add(event);
  return notes;
}

test('TRACE-20 the last of each subject stands, at any time, in whatever order they came', () => {
  const notes = kept(tally(A, 30, 'lww', 2), tally(A, 10, 'lww', 1), tally(A, 20, 'crdt', 0));
  expect(notes.at(A, 5)).toEqual([]);
  expect(notes.at(A, 15)).toEqual([{ engine: 'lww', lost: 1 }]);
  expect(notes.at(A, 99)).toEqual([
    { engine: 'lww', lost: 2 },
    { engine: 'crdt', lost: 0 },
  ]);
  expect(notes.at(B, 99)).toEqual([]);
});

test('TRACE-20 other notes are not kept, nor more subjects or nodes than there can be', () => {
  const others = Array.from({ length: 20 }, (_, i) => tally(A, i, `engine ${i}`, 0));
  const crowd = Array.from({ length: MAX_COUNTED_NODES + 5 }, (_, i) => tally(testNodeId(i), 1, 'lww', i)); // prettier-ignore
  const notes = kept(tally(A, 1, 'lww', 9, 'edit'), ...others, ...crowd);
  expect(notes.at(A, 99).length).toBe(16);
  expect(notes.at(testNodeId(MAX_COUNTED_NODES - 1), 99)).toHaveLength(1);
  expect(notes.at(testNodeId(MAX_COUNTED_NODES), 99)).toEqual([]);
});
