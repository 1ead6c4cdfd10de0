import { expect, test } from 'vitest';
import { ElectionNotes } from '../../src/trace/election-notes.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { NoteDetail } from '../../src/trace/kept-notes.ts';
import { testNodeId } from '../support/node-ids.ts';

const [a, b] = [testNodeId(1), testNodeId(2)];

function told(...notes: [at: number, kind: string, detail: NoteDetail][]): ElectionNotes {
  const elections = new ElectionNotes();
  notes.forEach(([at, kind, detail], sequence) =>
    elections.add({
      type: 'note',
      protocol: 'election',
      node: a,
      incarnation: 1,
      sequence,
      at,
      kind,
      detail: { group: 'g', ...detail },
    } as unknown as TraceEvent),
  );
  return elections;
}

test('a log is what was said last of each place, and at any time what it was then', () => {
  const elections = told(
    [1, 'log', { from: 1, to: 3, term: 1 }],
    [2, 'log', { from: 4, to: 4, term: 1 }],
    [3, 'log', { from: 3, to: 5, term: 2 }],
  );
  expect(elections.logAt(a, 2.5)?.runs).toEqual([{ from: 1, to: 4, term: 1 }]);
  expect(elections.logAt(a, 9)?.runs).toEqual([
    { from: 1, to: 2, term: 1 },
    { from: 3, to: 5, term: 2 },
  ]);
  expect(elections.logAt(a, 0)).toBeNull();
  expect(elections.logAt(b, 9)).toBeNull();
});

test('what a snapshot stands for is no longer in the log', () => {
  const elections = told(
    [1, 'log', { from: 1, to: 6, term: 1 }],
    [2, 'snapshot', { index: 4, term: 1 }],
  );
  expect(elections.logAt(a, 9)).toEqual({
    group: 'g',
    baseIndex: 4,
    baseTerm: 1,
    runs: [{ from: 5, to: 6, term: 1 }],
  });
});

test('another group has another log', () => {
  const elections = told(
    [1, 'log', { from: 1, to: 6, term: 4 }],
    [2, 'log', { group: 'h', from: 1, to: 1, term: 1 }],
  );
  expect(elections.logAt(a, 9)).toEqual({
    group: 'h',
    baseIndex: 0,
    baseTerm: 0,
    runs: [{ from: 1, to: 1, term: 1 }],
  });
});

test('where a note was not told, only what is whole is shown', () => {
  const elections = told(
    [1, 'log', { from: 1, to: 3, term: 1 }],
    [2, 'log', { from: 7, to: 8, term: 2 }],
  );
  expect(elections.logAt(a, 9)).toMatchObject({
    baseIndex: 6,
    runs: [{ from: 7, to: 8, term: 2 }],
  });
});

test('what makes no sense is left out', () => {
  const elections = told(
    [1, 'log', { from: 1, to: 3, term: 1 }],
    [2, 'log', { from: 5, to: 4, term: 1 }],
    [3, 'log', { from: 'x', to: 4, term: 1 }],
    [4, 'snapshot', { index: -1, term: 0 }],
  );
  expect(elections.logAt(a, 9)?.runs).toEqual([{ from: 1, to: 3, term: 1 }]);
});

test('who leads, who votes and what is committed is what was said last', () => {
  const elections = told(
    [1, 'role', { role: 'follower', term: 1, leader: b }],
    [2, 'vote', { term: 2, for: a }],
    [3, 'role', { role: 'leader', term: 2, leader: a }],
    [4, 'committed', { index: 7, term: 2, digest: 1 }],
  );
  expect(elections.last(elections.roles, a, 2)).toMatchObject({ role: 'follower' });
  expect(elections.last(elections.roles, a, 9)).toMatchObject({ role: 'leader', term: 2 });
  expect(elections.last(elections.votes, a, 9)).toMatchObject({ for: a });
  expect(elections.last(elections.committed, a, 9)).toMatchObject({ index: 7 });
});
