import { expect, test } from 'vitest';
import {
  checkSessions,
  type SessionOperation,
  type SessionRead,
} from '../../src/checkers/sessions.ts';

const write = (name: string, session = 's'): SessionOperation => ({
  kind: 'write',
  session,
  write: name,
});
/** @param replica its name, and how much of its log it had applied */
const read = (replica: string, applied: number, returned: string[] = []): SessionRead => ({
  kind: 'read',
  session: 's',
  replica,
  applied,
  returned,
});
const check = (logs: Record<string, string[]>, ...operations: SessionOperation[]) =>
  checkSessions({ logs: new Map(Object.entries(logs)), operations });

test('SESSION-1 a session that does not find what it wrote', () => {
  const early = read('A', 0);
  expect(check({ A: ['w'] }, write('w'), read('A', 1), early)).toEqual([
    { violation: 'read-your-writes', session: 's', read: early, missing: 'w' },
  ]);
  const never = read('B', 0);
  expect(check({ A: ['w'], B: [] }, write('w'), never)).toMatchObject([{ read: never }]);
  expect(check({ A: ['w'] }, early, write('w'))).toEqual([]);
  expect(check({ A: ['w'] }, write('w', 'another'), early)).toEqual([]);
});

test('SESSION-2 a session that does not find what it had read', () => {
  const older = read('B', 1, ['x']);
  const logs = { A: ['x', 'y'], B: ['x', 'y'] };
  expect(check(logs, read('A', 2, ['y']), older)).toEqual([
    { violation: 'monotonic-reads', session: 's', read: older, missing: 'y' },
  ]);
  expect(check(logs, older, read('A', 2, ['y']), read('B', 2, ['y']))).toEqual([]);
});

test('SESSION-3 a replica that applies two writes of a session the wrong way round, or only the second', () => {
  const wrong = { violation: 'monotonic-writes', session: 's', write: 'w2', missing: 'w1' };
  const logs = { A: ['w1', 'w2'], B: ['w2', 'w1'], C: ['w2'], D: ['w1'], E: [] };
  expect(check(logs, write('w1'), write('w2'))).toEqual([
    { ...wrong, replica: 'B' },
    { ...wrong, replica: 'C' },
  ]);
  expect(check(logs, write('w1'), write('w2', 'another'))).toEqual([]);
});

test('SESSION-4 a replica that applies an answer before the question that it answers', () => {
  const logs = { A: ['question', 'answer'], B: ['answer', 'question'] };
  expect(check(logs, read('A', 1, ['question']), write('answer'))).toEqual([
    {
      violation: 'writes-follow-reads',
      session: 's',
      replica: 'B',
      write: 'answer',
      missing: 'question',
    },
  ]);
  expect(check(logs, write('answer'))).toEqual([]);
});
