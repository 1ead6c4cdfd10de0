import { describe, expect, test } from 'vitest';
import { PERIOD_MS } from '../../src/merge/comparisons.ts';
import { keyOf, type ReplicaKey } from '../../src/merge/intent.ts';
import type { Count } from '../../src/merge/intent-log.ts';
import { KnownOfOthers, MAX_OTHERS, mayLack } from '../../src/merge/known-of-others.ts';
import { testNodeId } from '../support/node-ids.ts';

const AUTHOR = { node: testNodeId(0), life: 1 };
const KEY = keyOf(AUTHOR);
const OTHER = testNodeId(1);

const log = (count: number): Count[] => [{ ...AUTHOR, count }];
const here = (count: number) => new Map<ReplicaKey, number>([[KEY, count]]);
const lacks = (known: KnownOfOthers, number: number, inReach: boolean) =>
  mayLack(known.all([]).get(OTHER)!, KEY, number, inReach);

describe('BOARD-11 what is known of another board', () => {
  test('is what it said last, and of the rest nobody out of reach can say', () => {
    const known = new KnownOfOthers();
    known.compared(OTHER, log(2), here(5), 0);
    expect([2, 3, 5].map((number) => lacks(known, number, false))).toEqual([false, true, true]);
    known.has(OTHER, { ...AUTHOR, number: 4 });
    expect([4, 5].map((number) => lacks(known, number, false))).toEqual([false, true]);
  });

  test('of one in reach it is no difference until it had time to take what it was told', () => {
    const known = new KnownOfOthers();
    known.compared(OTHER, log(2), here(5), 0);
    expect(lacks(known, 5, true)).toBe(false);
    known.compared(OTHER, log(2), here(6), PERIOD_MS / 2);
    expect(lacks(known, 5, true)).toBe(false);
    known.compared(OTHER, log(2), here(7), PERIOD_MS);
    expect([5, 6].map((number) => lacks(known, number, true))).toEqual([true, false]);
    known.compared(OTHER, log(7), here(7), 2 * PERIOD_MS);
    expect(lacks(known, 5, true)).toBe(false);
  });

  test('a board that says that it has less has less: its disk is gone', () => {
    const known = new KnownOfOthers();
    known.compared(OTHER, log(5), here(5), 0);
    known.compared(OTHER, log(0), here(5), 1);
    expect(lacks(known, 1, false)).toBe(true);
  });

  test('whoever edits has what the edit was made upon, also if others brought it', () => {
    const known = new KnownOfOthers();
    const seen = new Map([[KEY, 3]]);
    const edit = { author: { node: OTHER, life: 1 }, number: 1, seen, wall: 0, deed: { do: 'set', key: 'k', value: 1 } } as const; // prettier-ignore
    const others = known.all([edit]);
    expect([3, 4].map((number) => mayLack(others.get(OTHER)!, KEY, number, false))).toEqual([false, true]); // prettier-ignore
  });

  test('has a limit, and forgets who spoke longest ago', () => {
    const known = new KnownOfOthers();
    for (let n = 0; n < MAX_OTHERS; n++) known.compared(testNodeId(n), [], here(0), 0);
    known.has(testNodeId(0), { ...AUTHOR, number: 1 });
    known.compared(testNodeId(MAX_OTHERS), [], here(0), 0);
    const all = known.all([]);
    expect(all.size).toBe(MAX_OTHERS);
    expect([0, 1].map((n) => all.has(testNodeId(n)))).toEqual([true, false]);
  });
});
