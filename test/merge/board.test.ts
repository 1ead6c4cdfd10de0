import { describe, expect, test } from 'vitest';
import { boardOf, MAX_CONTENT_BYTES, type Board } from '../../src/merge/board.ts';
import type { EngineName } from '../../src/merge/engine.ts';
import type { EngineFactory } from '../../src/merge/engine-set.ts';
import type { Scalar } from '../../src/merge/intent.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { growOnlyEngine } from '../support/grow-only-engine.ts';

const LWW: EngineFactory = () => growOnlyEngine('lww');
const CRDT: EngineFactory = () => growOnlyEngine('crdt');

interface Options {
  readonly nodes?: number;
  readonly factories?: (index: number) => readonly EngineFactory[];
  readonly maxWriteMs?: number;
}

/** Boards whose links a test opens. */
function boards({ nodes = 3, factories = () => [LWW, CRDT], maxWriteMs = 20 }: Options = {}) {
  const events: TraceEvent[] = [];
  const cluster = new Cluster<Board>({
    nodes,
    seed: 1,
    protocols: (node, _life, index) => node.add(boardOf(factories(index))),
    maxWriteMs,
    trace: (event) => events.push(event),
  });
  const sent = (kind: string) =>
    events.filter((event) => event.type === 'send' && event.kind === kind).length;
  const notes = (kind: string) =>
    events.flatMap((event) => (event.type === 'note' && event.kind === kind ? [event] : []));
  const board = (index: number) => cluster.members[index]!.protocols;
  const values = (index: number, key = 'k') => valuesOf(board(index), 'crdt', key);
  const runFor = (ms: number) => cluster.time.runFor(ms);
  return { cluster, sent, notes, board, values, runFor };
}

function valuesOf(board: Board, engine: EngineName, key = 'k'): readonly Scalar[] | undefined {
  const values = board.engine(engine)!.engine.value().value.get(key) as
    readonly Scalar[] | undefined;
  return values && [...values].sort();
}

const set = (value: string) => ({ do: 'set', key: 'k', value });

describe('an edit', () => {
  test('BOARD-1 shows at once at its author, and soon at all others, over a chain of links', () => {
    const { cluster, board, values, runFor } = boards();
    cluster.link(0, 1);
    cluster.link(1, 2);
    runFor(0);
    const { intent, at } = board(0).edit(set('a'));
    expect(intent).toBe(`${cluster.members[0]!.id}/1/1`);
    expect(at).toBe(cluster.members[0]!.wall.now());
    expect(values(0)).toEqual(['a']);
    runFor(100);
    expect([values(1), values(2)]).toEqual([['a'], ['a']]);
  });

  test('BOARD-1 costs one message a link and direction at most, each told once', () => {
    const { cluster, board, sent, runFor, notes } = boards({ nodes: 4 });
    cluster.linkAll();
    runFor(5_000);
    board(0).edit(set('a'));
    runFor(500);
    // The author tells 3; each of those tells the 2 others.
    expect(sent('tell')).toBe(9);
    expect(notes('received')).toHaveLength(3);
  });

  test.each([
    [{ do: 'paint' }, 'A board cannot do "paint". It can: set,'],
    [null, 'A board cannot do that.'],
    [{ do: 'set', key: '', value: 1 }, 'A key is a text of 1 to 64 characters.'],
    [{ do: 'set', key: 'k', value: NaN }, 'A value is null, true, false,'],
    [{ do: 'increment', key: 'k', by: 0.5 }, 'A counter goes up or down by a whole number.'],
    [{ do: 'add', key: 'k', item: '' }, 'An item is a text of 1 to'],
    [{ do: 'type', key: 'k', position: 0, text: 'x'.repeat(1_001) }, 'type a longer one in parts'],
    [{ do: 'type', key: 'k', position: -1, text: 'x' }, 'A position is a whole number from 0 to'],
    [{ do: 'erase', key: 'k', position: 0, count: 4_001 }, 'erase more in parts'],
    [{ do: 'move', key: 'k', from: 0, to: 1.5 }, 'A position is a whole number from 0 to'],
  ])('BOARD-2 that is none is refused with a sentence, and nothing happens: %j', (deed, says) => {
    const { board } = boards();
    expect(() => board(0).edit(deed)).toThrow(expect.objectContaining({ name: 'EditRefused', message: expect.stringContaining(says) as unknown })); // prettier-ignore
    expect(board(0).inspect()).toMatchObject({ intents: 0, storedBytes: 0 });
    expect(board(0).edit(set('a')).intent).toMatch(/\/1\/1$/);
  });

  test('BOARD-3 is acknowledged when it is durable, and then survives a crash that leaves the disk', () => {
    const { cluster, board, values, runFor, notes } = boards({ nodes: 1, maxWriteMs: 1_000 });
    const acknowledged: string[] = [];
    const edits = ['a', 'b', 'c'].map((value) => board(0).edit(set(value), (id) => acknowledged.push(id))); // prettier-ignore
    expect(acknowledged).toEqual([]);
    runFor(1_000);
    expect(acknowledged).toEqual(edits.map(({ intent }) => intent));
    expect(notes('acknowledged')).toHaveLength(3);

    cluster.members[0]!.crash();
    cluster.restart(0, true);
    expect(values(0)).toEqual(['a', 'b', 'c']);
    expect(board(0).edit(set('d')).intent).toMatch(/\/2\/1$/);
    expect(board(0).records.at(-1)!.intent.seen).toEqual(
      new Map([
        [`${cluster.members[0]!.id}/1`, 3],
        [`${cluster.members[0]!.id}/2`, 1],
      ]),
    );
  });

  test('BOARD-3 many are kept in few entries, and all are there again', () => {
    const { cluster, board, values, runFor } = boards({ nodes: 1 });
    for (let i = 0; i < 300; i++) board(0).edit(set(`value ${i}`));
    runFor(10_000);
    const before = [board(0).inspect().storedBytes, values(0)];
    cluster.members[0]!.crash();
    cluster.restart(0, true);
    expect([board(0).inspect().storedBytes, values(0)]).toEqual(before);
    expect(board(0).inspect().intents).toBe(300);
  });

  test('BOARD-3 so does what was heard of others, when they are gone for good', () => {
    const { cluster, board, values, runFor } = boards({ nodes: 2 });
    cluster.linkAll();
    runFor(0);
    board(0).edit(set('a'));
    runFor(1_000);
    for (const member of cluster.members) member.crash();
    cluster.restart(1, true);
    expect(values(1)).toEqual(['a']);
    expect(board(1).seen).toEqual(new Map([[`${cluster.members[0]!.id}/1`, 1]]));
  });

  test('BOARD-4 all is back after the disk is lost, from the others', () => {
    const { cluster, board, values, runFor } = boards();
    cluster.linkAll();
    runFor(0);
    board(0).edit(set('a'));
    board(1).edit(set('b'));
    runFor(1_000);
    cluster.members[0]!.crash();
    cluster.restart(0, false);
    expect(values(0)).toBeUndefined();
    runFor(1_000);
    expect(values(0)).toEqual(['a', 'b']);
    // Its own earlier life is to it another author.
    board(0).edit(set('c'));
    runFor(1_000);
    expect(values(2)).toEqual(['a', 'b', 'c']);
  });
});

describe('what was missed', () => {
  test('BOARD-5 is found by comparing, both ways, and passed on along a chain', () => {
    const { cluster, board, values, runFor } = boards({ nodes: 4 });
    cluster.link(0, 1);
    cluster.link(2, 3);
    runFor(0);
    board(0).edit(set('a'));
    board(3).edit(set('b'));
    runFor(2_000);
    cluster.link(1, 2);
    runFor(2_000);
    expect([0, 1, 2, 3].map((index) => values(index))).toEqual(Array(4).fill(['a', 'b']));
    expect(board(0).seen).toEqual(board(3).seen);
    expect(board(0).ledger()).toEqual(board(3).ledger());
  });

  test('BOARD-5 in parts that fit into a frame, and on until there is no more', () => {
    const roomy: EngineFactory = () => {
      const engine = growOnlyEngine('crdt');
      return { ...engine, value: growOnlyEngine('crdt').value };
    };
    const { cluster, board, runFor, sent } = boards({ nodes: 2, factories: () => [roomy] });
    const text = 'x'.repeat(1_000);
    for (let i = 0; i < 600; i++) board(0).edit({ do: 'set', key: `k${i}`, value: text });
    cluster.link(0, 1);
    runFor(10_000);
    expect(board(1).inspect().intents).toBe(600);
    expect(board(1).ledger()).toEqual(board(0).ledger());
    expect(sent('repair')).toBeGreaterThan(20);
  });

  test('BOARD-5 between equal boards nothing is sent but a digest', () => {
    const { cluster, board, runFor, sent } = boards({ nodes: 2 });
    cluster.linkAll();
    board(0).edit(set('a'));
    runFor(5_000);
    const [repairs, digests] = [sent('repair'), sent('digest')];
    runFor(10_000);
    expect(sent('repair')).toBe(repairs);
    expect(sent('digest') - digests).toBeLessThanOrEqual(20);
  });

  test('BOARD-6 an intent does not count as seen before those that its author made before it', () => {
    const { cluster, board, runFor } = boards({ nodes: 2 });
    board(0).edit(set('a'));
    cluster.link(0, 1);
    runFor(0);
    board(0).edit(set('b'));
    runFor(25);
    expect(board(1).seen.size).toBe(0);
    runFor(1_000);
    expect(board(1).seen).toEqual(board(0).seen);
  });

  test('BOARD-6 nor before those of others that its author had seen', () => {
    const { cluster, board, runFor } = boards();
    cluster.link(0, 1);
    runFor(0);
    board(0).edit(set('question'));
    runFor(1_000);
    cluster.link(1, 2);
    runFor(0);
    board(1).edit(set('answer'));
    runFor(25);
    expect(board(2).seen.size).toBe(0);
    runFor(1_000);
    expect(board(2).seen).toEqual(board(1).seen);
  });
});

describe('engines', () => {
  test('BOARD-7 one that a node lacks is passed on unread, and is in no ledger of its edits', () => {
    const { cluster, board, runFor } = boards({ factories: (index) => (index === 1 ? [LWW] : [LWW, CRDT]) }); // prettier-ignore
    cluster.link(0, 1);
    cluster.link(1, 2);
    runFor(0);
    board(0).edit(set('a'));
    board(1).edit(set('b'));
    runFor(1_000);
    expect(valuesOf(board(2), 'crdt')).toEqual(['a']);
    expect(valuesOf(board(2), 'lww')).toEqual(['a', 'b']);
    const visible = (index: number) =>
      Array.from(board(index).ledger(), ([name, { counts }]) => [name, counts.visible]);
    expect(visible(2)).toEqual([['lww', 2], ['crdt', 1]]); // prettier-ignore
    expect(visible(1)).toEqual([['lww', 2]]);
  });

  test('BOARD-8 bytes that are none of an engine are refused, noted and not passed on', () => {
    const { cluster, board, runFor, notes } = boards({
      factories: (index) => [
        LWW,
        () => ({ ...growOnlyEngine('crdt'), ...(index === 1 && { receive: () => false }) }),
      ],
    });
    cluster.link(0, 1);
    cluster.link(1, 2);
    runFor(0);
    board(0).edit(set('a'));
    runFor(100);
    const peer = cluster.members[0]!.id;
    expect(notes('refused')[0]!.detail).toMatchObject({ peer, engine: 'crdt', what: 'operation' });
    expect(valuesOf(board(2), 'lww')).toEqual(['a']);
    expect(valuesOf(board(2), 'crdt')).toBeUndefined();
  });

  test('BOARD-9 what they cost is counted, engine by engine', () => {
    const { cluster, board, runFor } = boards({ nodes: 2 });
    cluster.linkAll();
    runFor(0);
    board(0).edit(set('a'));
    runFor(3_000);
    const [author, other] = [board(0).inspect().engines.lww!, board(1).inspect().engines.lww!];
    expect(author).toMatchObject({ edits: 1, receivedBytes: 0, repairBytes: 0, pending: 0 });
    expect(author.editBytes).toBeGreaterThan(20);
    expect(other).toMatchObject({ edits: 0, receivedBytes: author.editBytes });
    expect(other.digestBytes).toBeGreaterThan(20);
  });
});

test('BOARD-2 a board that shows too much refuses more with a sentence, until something is taken away', () => {
  const { board } = boards({ nodes: 1, factories: () => [LWW] });
  const text = 'x'.repeat(1_000);
  const fill = () => {
    for (let i = 0; i < MAX_CONTENT_BYTES / 500; i++) {
      board(0).edit({ do: 'set', key: `k${i}`, value: text });
    }
  };
  expect(fill).toThrow(/There is no more room on this board: it shows 128 KiB \(by lww\)/);
  expect(() => board(0).edit({ do: 'erase', key: 'k', position: 0, count: 1 })).not.toThrow();
});

test('whoever listens hears of each change', () => {
  const { cluster, board, runFor } = boards({ nodes: 2 });
  cluster.linkAll();
  let changes = 0;
  const stop = board(1).onChange(() => (changes += 1));
  board(0).edit(set('a'));
  runFor(1_000);
  stop();
  board(0).edit(set('b'));
  runFor(1_000);
  expect(changes).toBe(1);
});
