import { describe, expect, test } from 'vitest';
import { ENGINES } from '../../src/merge/engine.ts';
import { CrdtEngine } from '../../src/merge/crdt/crdt-engine.ts';
import { LastWriteWins } from '../../src/merge/lww/lww.ts';
import { byHybridClock, byWallClock } from '../../src/merge/lww/stamp.ts';
import { Siblings } from '../../src/merge/siblings/siblings.ts';
import { newcomer, type MakeEngine } from '../support/merge-class.ts';
import { mergeEngineCompliance } from './merge-engine.ts';

const ALL: readonly MakeEngine[] = [
  (world) => new LastWriteWins(byWallClock, world),
  (world) => new LastWriteWins(byHybridClock, world),
  () => new Siblings(),
  () => new CrdtEngine(),
];

/** Random sessions by the dozen, on a machine that has other work too. */
const LONG_TEST_MS = 30_000;

const named = ALL.map((make) => ({ name: newcomer(make).engine.name, make }));

test('every engine in the suite has a name of its own that can be chosen', () => {
  expect(ENGINES).toEqual(expect.arrayContaining(named.map(({ name }) => name)));
  expect(new Set(named.map(({ name }) => name)).size).toBe(ALL.length);
});

describe.each(named)('$name:', ({ make }) => {
  test.each(mergeEngineCompliance)('$title', ({ run }) => run(make), LONG_TEST_MS);
});
