import { describe, expect, test } from 'vitest';
import { Elsewhere, elsewhereOf } from '../../../../client/session/board/elsewhere.ts';
import { elsewhereWords, unseenWords } from '../../../../client/views/board/elsewhere-words.ts';
import { boardOf, type Board } from '../../../../src/merge/board.ts';
import { OUR_ENGINES } from '../../../../src/merge/engines.ts';
import { Cluster } from '../../../../src/simulator/cluster.ts';

const NAMES = ['Heron', 'Otter', 'Lynx'];

/** Three boards that are linked, and the first one's view of the others. */
function three() {
  const cluster = new Cluster<Board>({
    nodes: 3,
    seed: 'elsewhere',
    protocols: (node) => node.add(boardOf(OUR_ENGINES)),
  });
  cluster.linkAll();
  const board = (index: number) => cluster.members[index]!.protocols;
  const set = (index: number, key: string, value = 'x') => {
    cluster.members[index]!.node.step(() => board(index).edit({ do: 'set', key, value }));
    cluster.time.runFor(10);
  };
  const peers = (...away: readonly number[]) =>
    [1, 2].map((n) => {
      const state = away.includes(n) ? ('dead' as const) : ('alive' as const);
      return { id: cluster.members[n]!.id, name: NAMES[n]!, link: 'open' as const, state, verdict: state }; // prettier-ignore
    });
  const look = (...away: readonly number[]) =>
    elsewhereOf(board(0).records, board(0).others, peers(...away));
  const part = () => [1, 2].forEach((n) => cluster.unlink(0, n));
  const runFor = (ms: number) => cluster.time.runFor(ms);
  return { cluster, board, set, peers, look, part, runFor };
}

describe('LAB-8 how the boards of others stand to this one', () => {
  test('linked and compared, no difference is known', () => {
    const { set, look, runFor } = three();
    set(0, 'captain');
    set(1, 'colour');
    runFor(10_000);
    const picture = look();
    expect(picture).toMatchObject({ known: 2, inReach: 2, away: [], behind: [], edits: 0 });
    expect(elsewhereWords(picture)).toBe('No difference is known to the boards of 2 others.');
  });

  test('an edit on its way to those in reach is none', () => {
    const { set, look, runFor } = three();
    runFor(10_000);
    set(0, 'captain');
    expect(look().edits).toBe(0);
  });

  test('parted, it lights the fields whose edits the others are not known to have', () => {
    const { set, look, part, runFor } = three();
    set(0, 'captain', 'Ida');
    runFor(10_000);
    part();
    set(0, 'captain', 'Noor');
    set(0, 'captain', 'Mia');
    const picture = look(1, 2);
    expect(picture.fields).toEqual([
      { kind: 'value', key: 'captain', edits: 2, by: ['Otter', 'Lynx'] },
    ]);
    expect(elsewhereWords(picture)).toBe(
      'Out of reach: Otter and Lynx. What they write meanwhile my node cannot know, nor whether they have 2 edits that are here.',
    );
    expect(unseenWords(picture.fields[0]!)).toBe(
      'As far as my node knows, Otter and Lynx have not got 2 edits of this.',
    );
  });

  test('healed, none is left, without a message more than boards send anyway', () => {
    const { cluster, set, look, part, runFor } = three();
    part();
    set(0, 'captain');
    set(2, 'colour');
    runFor(3_000);
    cluster.linkAll();
    runFor(10_000);
    expect(look()).toMatchObject({ away: [], behind: [], edits: 0, fields: [] });
  });

  test('whoever is told and does not hear it is behind', () => {
    const { cluster, set, look, runFor } = three();
    runFor(10_000);
    const [from, deaf] = cluster.members;
    cluster.setRules([
      { from: from!.id, to: deaf!.id, blackhole: true },
      { from: cluster.members[2]!.id, to: deaf!.id, blackhole: true },
    ]);
    set(0, 'captain');
    runFor(15_000);
    const picture = look();
    expect(picture).toMatchObject({ behind: ['Otter'], edits: 1, fields: [{ by: ['Otter'] }] });
    expect(elsewhereWords(picture)).toBe('Otter still lacks what my node has told.');
  });

  test('is made anew only when something of it has changed', () => {
    const { board, peers, set, runFor } = three();
    const elsewhere = new Elsewhere();
    const look = (...away: readonly number[]) =>
      elsewhere.look(board(0).records, board(0).others, peers(...away));
    runFor(10_000);
    const first = look();
    expect(look()).toBe(first);
    expect(look(1)).not.toBe(first);
    const before = look();
    set(0, 'captain');
    expect(look()).not.toBe(before);
  });

  test('who has left is nobody’s worry', () => {
    const { board, peers, set, part, runFor } = three();
    runFor(10_000);
    part();
    set(0, 'captain');
    const left = peers(1, 2).map((peer) => ({ ...peer, state: 'left' as const }));
    expect(elsewhereOf(board(0).records, board(0).others, left)).toMatchObject({ known: 0, fields: [] }); // prettier-ignore
  });
});
