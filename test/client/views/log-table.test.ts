import { describe, expect, test } from 'vitest';
import { logTable, survivorOf, type LogTable } from '../../../client/views/election/log-table.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { leaderOf, raftClass, write, type RaftClass } from '../../support/raft-class.ts';

/** A class of seven that is named by its places, whose notes are all read. */
function classOf(seed = 1): {
  group: RaftClass;
  table: (width?: number) => LogTable;
  gone: Set<number>;
} {
  const chronicle = new Chronicle();
  const gone = new Set<number>();
  const group = raftClass(
    { nodes: 7, seed, trace: (event) => chronicle.add(event) },
    { snapshotAfter: 20, keepBehind: 4 },
  );
  group.linkAll();
  group.time.runFor(2_000);
  const table = (width = 8) =>
    logTable(
      group.members.map(({ id }, i) => ({ id, name: `N${i}`, present: !gone.has(i) })),
      chronicle,
      group.time.now(),
      width,
    );
  return { group, table, gone };
}

const placeOfLeader = (group: RaftClass) => group.members.indexOf(leaderOf(group));

describe('the logs of a class side by side', () => {
  test('voters come first, and all that is committed is shown so', () => {
    const { group, table } = classOf();
    write(group, 5);
    const { rows, columns, summary, isStuck } = table();
    expect(rows.map(({ isVoter }) => isVoter)).toEqual([...Array(5).fill(true), false, false]);
    expect(columns).toHaveLength(8);
    for (const row of rows) {
      expect(row.cells.map(({ index }) => index)).toEqual(columns);
      expect(row.cells.every(({ term, isCommitted }) => term !== null && isCommitted)).toBe(true);
    }
    expect(rows.filter(({ isLeader }) => isLeader)).toHaveLength(1);
    expect(summary).toBe(`N${placeOfLeader(group)} leads. Of 5 voters 3 decide.`);
    expect(isStuck).toBe(false);
  });

  test('what a leader without a majority has added is not committed', () => {
    const { group, table } = classOf();
    write(group, 3);
    const leader = placeOfLeader(group);
    const { id, node, protocols } = group.members[leader]!;
    const others = group.members.filter((one) => one.id !== id);
    group.setRules(
      others.flatMap((one) => [
        { from: id, to: one.id, blackhole: true as const },
        { from: one.id, to: id, blackhole: true as const },
      ]),
    );
    node.step(() => protocols.raft.propose('lost', () => {}));
    group.time.runFor(100);
    const row = table().rows.find(({ name }) => name === `N${leader}`)!;
    expect(row.cells.at(-1)).toMatchObject({ isCommitted: false });
    expect(row.cells.at(-2)).toMatchObject({ isCommitted: true });
  });

  test('entries that a snapshot stands for are shown as such', () => {
    const { group, table } = classOf();
    write(group, 30);
    const { rows } = table(40);
    for (const { cells } of rows) {
      expect(cells[0]).toMatchObject({ index: 1, term: null, isInSnapshot: true });
      expect(cells.at(-1)).toMatchObject({ isInSnapshot: false });
    }
  });

  test('who has crashed or is gone leads nobody, and says so', () => {
    const { group, table, gone } = classOf();
    const leader = placeOfLeader(group);
    gone.add(leader);
    expect(table().rows.find(({ name }) => name === `N${leader}`)).toMatchObject({
      ...{ isLeader: false, isUp: false, words: 'gone' },
    });
    gone.clear();
    group.members[leader]!.crash();
    group.time.runFor(10);
    expect(table().rows.find(({ name }) => name === `N${leader}`)).toMatchObject({
      ...{ isLeader: false, isUp: false, words: 'crashed' },
    });
  });

  test('where too few voters are left, whoever knows most can found a new group', () => {
    const { group, table } = classOf();
    write(group, 4);
    expect(survivorOf(table())).toBeNull();
    const voters = group.members.filter((one) => one.protocols.raft.standing().role !== 'learner');
    for (const voter of voters.slice(0, 3)) voter.crash();
    group.time.runFor(2_500);
    const stuck = table();
    expect(stuck.isStuck).toBe(true);
    expect(stuck.summary).toBe(
      'Nobody leads. Of 5 voters 3 decide. But only 2 are there: nothing can be decided.',
    );
    const survivor = survivorOf(stuck)!;
    expect(survivor.isUp).toBe(true);
    expect(survivor.lastIndex).toBe(Math.max(...stuck.rows.map(({ lastIndex }) => lastIndex)));
  });

  test('who votes is what the newest group says, whatever terms the lost ones of the old group had', () => {
    const chronicle = new Chronicle();
    const [lost, survivor] = [testNodeId(1), testNodeId(2)];
    let sequence = 0;
    const note = (node: NodeId, kind: string, detail: { [key: string]: string | number | null }) =>
      chronicle.add({
        ...{ type: 'note', protocol: 'election', node, incarnation: 1, kind, detail },
        ...{ sequence: ++sequence, lamport: sequence, vector: { [node]: sequence } },
        ...{ at: sequence, wall: sequence, monotonic: sequence },
      });
    const says = (node: NodeId, group: string, term: number, voters: string) => {
      note(node, 'log', { group, from: 1, to: 1, term, digest: 0 });
      note(node, 'members', { group, voters, learners: 0 });
      note(node, 'role', { group, algorithm: 'raft', role: 'leader', term, leader: node });
    };
    says(lost, `1.${lost}.1`, 7, [lost, survivor, testNodeId(3)].join(' '));
    says(survivor, `2.${survivor}.1`, 1, survivor);
    const nodes = [
      { id: lost, name: 'Lost', present: false },
      { id: survivor, name: 'Survivor' },
    ];
    const { isStuck, rows } = logTable(nodes, chronicle, sequence, 8);
    expect(rows.map(({ name, isVoter }) => [name, isVoter])).toEqual([['Survivor', true]]);
    expect(isStuck).toBe(false);
  });

  test('a class without logs has none to show', () => {
    const table = logTable([], new Chronicle(), 0, 8);
    expect(table).toMatchObject({ rows: [], columns: [], isStuck: false });
    expect(table.summary).toBe('No node has a log: the class does not elect by Raft.');
  });
});
