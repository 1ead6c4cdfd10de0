import { describe, expect, test } from 'vitest';
import {
  checkMarkedSessions,
  MAX_EARLIER,
  type MarkedOperation,
} from '../../src/checkers/marked-sessions.ts';
import { coversMark } from '../../src/checkers/register-marks.ts';

type Operation = MarkedOperation<number>;

const did = (
  what: 'put' | 'get',
  mark: number,
  at: number,
  more: Partial<Operation> = {},
): Operation => ({
  ...{ session: 's', key: 'x', do: what, mark, calledAt: at, returnedAt: at + 1 },
  ...more,
});
const guarantees = (...operations: Operation[]) =>
  checkMarkedSessions<number, Operation>(operations, (mark, earlier) => mark >= earlier).map(
    ({ guarantee }) => guarantee,
  );

describe('SESSION-5 by marks', () => {
  test.each([
    ['put', 'get', 'read-your-writes'],
    ['get', 'get', 'monotonic-reads'],
    ['put', 'put', 'monotonic-writes'],
    ['get', 'put', 'writes-follow-reads'],
  ] as const)('a %s, then a %s by somebody who knew not of it: %s', (first, then, guarantee) => {
    expect(guarantees(did(first, 2, 0), did(then, 1, 5))).toEqual([guarantee]);
    expect(guarantees(did(first, 2, 0), did(then, 2, 5))).toEqual([]);
  });

  test('other sessions and other keys have their own past', () => {
    expect(guarantees(did('put', 2, 0), did('get', 1, 5, { session: 't' }))).toEqual([]);
    expect(guarantees(did('put', 2, 0), did('get', 1, 5, { key: 'y' }))).toEqual([]);
  });

  test('what was under way at the same time has no order', () => {
    expect(guarantees(did('put', 2, 0, { returnedAt: 9 }), did('get', 1, 5))).toEqual([]);
    expect(guarantees(did('put', 2, 0, { returnedAt: 5 }), did('get', 1, 5))).toEqual([
      'read-your-writes',
    ]);
  });

  test('the newest that shows it is named, and so many are remembered', () => {
    const [old, newer, read] = [did('put', 3, 0), did('put', 4, 2), did('get', 1, 5)];
    const [broken] = checkMarkedSessions<number, Operation>([read, newer, old], (a, b) => a >= b);
    expect(broken).toEqual({ guarantee: 'read-your-writes', operation: read, earlier: newer });
    const many = Array.from({ length: MAX_EARLIER }, (_, i) => did('get', 0, 10 + i * 2));
    expect(guarantees(old, ...many, did('get', 0, 1_000)).length).toBe(MAX_EARLIER);
  });
});

describe('SESSION-6 what a mark says', () => {
  test('of many lives, each is compared', () => {
    const earlier = { made: { a: 2, b: 1 }, knew: {} };
    expect(coversMark({ made: {}, knew: { a: 2, b: 3 } }, earlier)).toBe(true);
    expect(coversMark({ made: {}, knew: { a: 1, b: 3 } }, earlier)).toBe(false);
    expect(coversMark({ made: {}, knew: { a: 2 } }, earlier)).toBe(false);
  });

  test('of versions, the count, then the writer; another run is not compared', () => {
    const mark = (run: string, count: number, by = 'a') => ({
      run,
      version: { count, by, life: 1 },
    });
    expect(coversMark(mark('1', 2), mark('1', 3))).toBe(false);
    expect(coversMark(mark('1', 3), mark('1', 3, 'b'))).toBe(false);
    expect(coversMark(mark('1', 3, 'b'), mark('1', 3))).toBe(true);
    expect(coversMark(mark('2', 2), mark('1', 3))).toBe(true);
    expect(coversMark({ run: '1', version: null }, mark('1', 1))).toBe(false);
    expect(coversMark(mark('1', 1), { run: '1', version: null })).toBe(true);
  });

  test('what says nothing is held against nobody', () => {
    expect(coversMark(null, { made: { a: 1 }, knew: {} })).toBe(true);
    expect(coversMark({ made: {}, knew: {} }, null)).toBe(true);
  });
});
