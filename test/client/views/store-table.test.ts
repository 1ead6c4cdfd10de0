import { expect, test } from 'vitest';
import { ballotOf } from '../../../client/views/election/ballot.ts';
import { logTable } from '../../../client/views/election/log-table.ts';
import { storeTable } from '../../../client/views/election/store-table.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { addElectorate, type Electorate } from '../../../src/election/electorate.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

const SETTLED_MS = 8_000;

interface Vote {
  readonly by: NodeId;
  readonly term: unknown;
}

/** Five real nodes with a store, whose notes are read; nothing else is looked at. */
function storeClass() {
  const chronicle = new Chronicle();
  const votes: Vote[] = [];
  const cluster = new Cluster<Electorate>({
    nodes: 5,
    seed: 4,
    protocols: (node) => addElectorate(node),
    delay: () => 5,
    maxWriteMs: 5,
    trace(event) {
      chronicle.add(event);
      if (event.type === 'note' && event.kind === 'vote')
        votes.push({ by: event.node, term: event.detail['term'] });
    },
  });
  cluster.linkAll();
  const [founder] = cluster.members;
  founder!.node.step(() => founder!.protocols.elections.switchTo('raft'));
  cluster.time.runFor(SETTLED_MS);
  const names = cluster.members.map(({ id }, i) => ({ id, name: `N${i}` }));
  const rows = () => logTable(names, chronicle, cluster.time.now(), 8).rows;
  const put = (at: number, key: string, value: string) => {
    const { node, protocols } = cluster.members[at]!;
    node.step(() => protocols.kv.put(key, value, () => {}));
    cluster.time.runFor(2_000);
  };
  const leader = () =>
    cluster.members.findIndex(({ alive, protocols }) => alive && protocols.raft()!.isLeader());
  const part = (apart: readonly number[]) =>
    cluster.setRules(
      cluster.members.flatMap(({ id: from }, i) =>
        cluster.members.flatMap(({ id: to }, j) =>
          apart.includes(i) === apart.includes(j) ? [] : [{ from, to, blackhole: true as const }],
        ),
      ),
    );
  const copies = () => storeTable(rows(), chronicle, cluster.time.now());
  const ballot = () => ballotOf(rows(), chronicle.elections, cluster.time.now());
  return { cluster, put, part, leader, copies, ballot, votes };
}

test('every copy is shown by key; equal ones are not lit', () => {
  const { put, copies } = storeClass();
  put(1, 'captain', 'Noor');
  put(2, 'flag', 'red');
  const { keys, rows, summary, more } = copies();
  expect({ keys, summary, more }).toEqual({ keys: ['captain', 'flag'], summary: '', more: 0 });
  expect(rows).toHaveLength(5);
  for (const { cells } of rows)
    expect(cells.map(({ text, isLit }) => [text, isLit])).toEqual([
      ['"Noor"', false],
      ['"red"', false],
    ]);
});

test('a copy that a split keeps behind is lit, and said so', () => {
  const { cluster, put, part, leader, copies } = storeClass();
  put(1, 'captain', 'Noor');
  const behind = cluster.members.findIndex((_, i) => i !== leader());
  part([behind]);
  put(leader(), 'captain', 'Ida');
  const { rows, summary } = copies();
  expect(summary).toBe('Copies differ in captain.');
  expect(rows.map(({ name, cells }) => [name, cells[0]!.isLit])).toEqual(
    rows.map(({ name }) => [name, name === `N${behind}`]),
  );
});

test('what a life before held is not shown of the next one until it says so', () => {
  const { cluster, put, part, copies } = storeClass();
  put(1, 'captain', 'Noor');
  part([4]);
  cluster.members[4]!.crash();
  cluster.restart(4, true);
  cluster.time.runFor(300);
  const cell = copies().rows.find(({ name }) => name === 'N4')!.cells[0]!;
  expect(cell).toMatchObject({ text: null, isLit: true });
});

test('votes are told by name: who voted for whom in the newest term, and who has not', () => {
  const { cluster, leader, ballot } = storeClass();
  const old = leader();
  cluster.members[old]!.crash();
  cluster.time.runFor(5_000);
  const { term, needed, candidates, others } = ballot()!;
  const elected = candidates.find(({ isElected }) => isElected)!;
  expect(elected.name).toBe(`N${leader()}`);
  expect(elected.voters).toContain(elected.name);
  expect(elected.voters.length).toBeGreaterThanOrEqual(needed);
  expect({ needed, term: term > 1 }).toEqual({ needed: 3, term: true });
  expect(others).toContain(`N${old}`);
  const all = [...candidates.flatMap(({ voters }) => voters), ...others].sort();
  expect(all).toEqual(['N0', 'N1', 'N2', 'N3', 'N4']);
});

test('votes stand in the order in which they were given', () => {
  const { cluster, leader, ballot, votes } = storeClass();
  cluster.members[leader()]!.crash();
  cluster.time.runFor(5_000);
  const { term, candidates } = ballot()!;
  const given = votes.filter((vote) => vote.term === term);
  const nameOf = (id: NodeId) => `N${cluster.members.findIndex((member) => member.id === id)}`;
  const order = given.map(({ by }) => nameOf(by));
  expect(order).not.toEqual([...order].sort());
  expect(candidates.map(({ voters }) => voters)).toEqual([order]);
});
