import fc from 'fast-check';
import * as automerge from '@automerge/automerge';
import { describe, expect, test } from 'vitest';
import { AutomergeEngine } from '../../src/merge/automerge/automerge-engine.ts';
import { boardOf, type Board } from '../../src/merge/board.ts';
import { OUR_ENGINES } from '../../src/merge/engines.ts';
import type { EngineFactory } from '../../src/merge/engine-set.ts';
import { YjsEngine } from '../../src/merge/yjs/yjs-engine.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { anyDeed } from '../support/any-deed.ts';
import { Random } from '../../src/simulator/random.ts';

const ALL: readonly EngineFactory[] = [
  ...OUR_ENGINES,
  (world) => new YjsEngine(world),
  (world) => new AutomergeEngine(world, automerge),
];

const EDITS = 60;

/** Three boards of six engines, on a machine that has other work too. */
const LONG_TEST_MS = 30_000;

/** Three boards, split for a while and healed; the first one restarts from its disk in the middle. */
function lesson(seed: number) {
  const cluster = new Cluster<Board>({
    nodes: 3,
    seed,
    protocols: (node) => node.add(boardOf(ALL)),
    maxWriteMs: 5,
  });
  const deeds = fc.sample(anyDeed(), { numRuns: EDITS, seed });
  const random = new Random(seed);
  cluster.linkAll();
  cluster.time.runFor(100);
  /** What the first board showed after each edit anywhere. */
  const shown: string[] = [];
  for (const [n, deed] of deeds.entries()) {
    if (n === 20) cluster.unlink(0, 1);
    if (n === 20) cluster.unlink(0, 2);
    if (n === 30) cluster.members[0]!.crash();
    if (n === 30) cluster.restart(0, true);
    if (n === 45) cluster.linkAll();
    const { node, protocols } = cluster.members[random.below(3)]!;
    node.step(() => protocols.edit(deed));
    cluster.time.runFor(20);
    shown.push(stateOf(cluster.members[0]!.protocols));
  }
  cluster.time.runFor(5_000);
  return { board: cluster.members[0]!.protocols, shown };
}

type Shown = Pick<NonNullable<ReturnType<Board['engine']>>, 'engine'>;

function contentOf({ engine }: Shown): unknown {
  const value = Object.entries(engine.value()).map(([kind, fields]) => [kind, [...fields].sort()]);
  return [engine.name, value, engine.conflicts(), engine.provenance()];
}

function stateOf(board: Board): string {
  return JSON.stringify(board.engineNames.map((name) => contentOf(board.engine(name)!)));
}

function played(board: Board): string[] {
  const replay = board.replay();
  return replay.steps.map(() => {
    replay.advance();
    return JSON.stringify(replay.engines.map(contentOf));
  });
}

describe('a board that is gone through once more', { timeout: LONG_TEST_MS }, () => {
  test.each([1, 2])(
    'BOARD-10 is in the end what it is, in every engine and by every record (seed %i)',
    (seed) => {
      const { board } = lesson(seed);
      const replay = board.replay();
      while (replay.position < replay.steps.length) replay.advance();
      replay.advance();
      expect(JSON.stringify(replay.engines.map(contentOf))).toBe(stateOf(board));
      expect(replay.records).toEqual(board.records);
    },
  );

  test('BOARD-10 shows on the way what it showed then, in that order', () => {
    const { board, shown } = lesson(4);
    const moments = played(board);
    let from = 0;
    for (const each of shown.slice(0, 20)) {
      const found = moments.indexOf(each, from);
      expect(found).toBeGreaterThanOrEqual(from);
      from = found;
    }
    expect(moments.length).toBeGreaterThan(30);
  });

  test('can begin anew, and leaves the board as it is', () => {
    const { board } = lesson(5);
    const before = stateOf(board);
    const replay = board.replay();
    const first = replay.steps.map(() => (replay.advance(), replay.records.length));
    replay.rewind();
    expect([replay.position, replay.records]).toEqual([0, []]);
    const again = replay.steps.map(() => (replay.advance(), replay.records.length));
    expect(again).toEqual(first);
    expect(stateOf(board)).toBe(before);
  });

  test('takes what came at once in one step', () => {
    const { board } = lesson(6);
    const { steps } = board.replay();
    const records = steps.map((step) => step.filter((kept) => 'record' in kept).length);
    expect(Math.max(...records)).toBeGreaterThan(3);
    expect(records.reduce((sum, count) => sum + count, 0)).toBe(EDITS);
  });
});
