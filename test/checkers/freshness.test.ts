import { describe, expect, test } from 'vitest';
import {
  checkFreshness,
  checkIntegrity,
  type VersionedAction,
} from '../../src/checkers/freshness.ts';
import type { Operation } from '../../src/checkers/history.ts';

type Deed = Operation<VersionedAction<number>>;

const compare = (a: number | null, b: number | null) => (a ?? 0) - (b ?? 0);

function write(value: string, version: number, from: number, to: number): Deed {
  return {
    ...{ process: 'w', outcome: 'ok', calledAt: from, returnedAt: to },
    action: { kind: 'write', key: 'x', value, version },
  };
}

function read(value: string, version: number | null, from: number, to: number): Deed {
  return {
    ...{ process: 'r', outcome: 'ok', calledAt: from, returnedAt: to },
    action: { kind: 'read', key: 'x', value, version },
  };
}

const rules = (...history: Deed[]) => checkFreshness(history, compare).map(({ rule }) => rule);
const lies = (...history: Deed[]) => checkIntegrity(history, compare).map(({ rule }) => rule);

describe('what had ended counts', () => {
  const STALE = 'a read returns nothing older than a write that had ended';

  test('FRESH-1 a read that begins after a write must not return an older one, nor nothing', () => {
    const [a, b] = [write('a', 1, 0, 1), write('b', 2, 2, 3)];
    expect(rules(a, b, read('b', 2, 4, 5))).toEqual([]);
    expect(rules(a, b, read('a', 1, 4, 5))).toEqual([STALE]);
    expect(rules(a, b, read('', null, 4, 5))).toEqual([STALE]);
  });

  test('FRESH-1 a read that began before, or of another key, may', () => {
    const [a, b] = [write('a', 1, 0, 1), write('b', 2, 2, 5)];
    expect(rules(a, b, read('a', 1, 4, 9))).toEqual([]);
    const other = read('', null, 8, 9);
    expect(rules(a, { ...other, action: { ...other.action, key: 'y' } })).toEqual([]);
  });

  test('FRESH-1 what a write of unknown outcome wrote need not be there', () => {
    const open: Deed = { ...write('b', 2, 2, 3), outcome: 'unknown', returnedAt: Infinity };
    expect(rules(write('a', 1, 0, 1), open, read('a', 1, 4, 5))).toEqual([]);
  });

  test('FRESH-2 a write that begins after another is newer', () => {
    const rule = 'a write is newer than one that had ended';
    expect(rules(write('a', 2, 0, 1), write('b', 3, 2, 3))).toEqual([]);
    expect(rules(write('a', 2, 0, 1), write('b', 1, 2, 3))).toEqual([rule]);
    expect(rules(write('a', 2, 0, 1), write('b', 2, 2, 3))).toEqual([rule]);
    expect(rules(write('a', 2, 0, 3), write('b', 1, 2, 4))).toEqual([]);
  });
});

describe('nothing is made up', () => {
  const MADE_UP = 'what is read was asked for and not refused';

  test('FRESH-3 a version has one value', () => {
    const [a, b] = [write('a', 1, 0, 1), write('b', 2, 2, 3)];
    expect(lies(a, b, read('a', 1, 4, 5))).toEqual([]);
    expect(lies(a, b, read('a', 2, 4, 5))).toEqual(['a version has one value']);
  });

  test('FRESH-4 a value that nobody wrote, or only later, or that was refused, is not read', () => {
    expect(lies(read('a', 1, 4, 5))).toEqual([MADE_UP]);
    expect(lies(write('a', 1, 6, 7), read('a', 1, 4, 5))).toEqual([MADE_UP]);
    const refused: Deed = { ...write('a', 1, 0, 1), outcome: 'fail' };
    expect(lies(refused, read('a', 1, 4, 5))).toEqual([MADE_UP]);
    const open: Deed = { ...write('a', 1, 0, 1), outcome: 'unknown', returnedAt: Infinity };
    expect(lies(open, read('a', 1, 4, 5))).toEqual([]);
  });
});
