import { expect, test } from 'vitest';
import { rivalsAmong, type HeldRole } from '../../src/checkers/leaders.ts';
import { testNodeId } from '../support/node-ids.ts';

const held = (index: number, role: string, rest: Partial<HeldRole> = {}): HeldRole => ({
  ...{ id: testNodeId(index), role, algorithm: 'naive', group: '1.a.1', term: 1 },
  ...rest,
});
const ids = (...indexes: number[]) => indexes.map(testNodeId);

test('LEADERS-1 nobody, or one, is no rival of anybody', () => {
  expect(rivalsAmong([])).toEqual([]);
  expect(rivalsAmong([held(1, 'leader'), held(2, 'follower'), held(3, 'candidate')])).toEqual([]);
});

test('LEADERS-2 two that lead are a sight where nobody promised one', () => {
  expect(
    rivalsAmong([held(1, 'leader'), held(2, 'leader', { term: 2 }), held(3, 'follower')]),
  ).toEqual([{ leaders: ids(1, 2), term: null, isViolation: false }]);
});

test('LEADERS-3 two of one term of one run of Raft are a violation', () => {
  const raft = { algorithm: 'raft', term: 4 };
  expect(rivalsAmong([held(1, 'leader', raft), held(2, 'leader', raft)])).toEqual([
    { leaders: ids(1, 2), term: 4, isViolation: true },
  ]);
});

test('LEADERS-3 of two terms, or of two runs, they are a sight', () => {
  const raft = { algorithm: 'raft', term: 4 };
  for (const other of [
    { ...raft, term: 5 },
    { ...raft, group: '1.b.1' },
  ])
    expect(rivalsAmong([held(1, 'leader', raft), held(2, 'leader', other)])).toEqual([
      { leaders: ids(1, 2), term: null, isViolation: false },
    ]);
});

test('LEADERS-4 a violation among more leaders is told first, and all of them after it', () => {
  const raft = { algorithm: 'raft', term: 4 };
  const all = [
    held(1, 'leader', raft),
    held(2, 'leader', { ...raft, term: 3 }),
    held(3, 'leader', raft),
  ];
  expect(rivalsAmong(all)).toEqual([
    { leaders: ids(1, 3), term: 4, isViolation: true },
    { leaders: ids(1, 2, 3), term: null, isViolation: false },
  ]);
});
