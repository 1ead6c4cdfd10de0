import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { Named } from '../../../client/views/election/log-table.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { leaderOf, raftClass, write, type RaftClass } from '../../support/raft-class.ts';
import { ANIMALS } from './names.ts';

export interface LogsFixture {
  readonly nodes: readonly Named[];
  readonly chronicle: Chronicle;
  readonly time: number;
  readonly version: number;
  readonly selected: ReadonlySet<string>;
}

/** What a class in the simulator has told of its logs. */
function logsOf(nodes: number, lesson: (group: RaftClass) => void): LogsFixture {
  const chronicle = new Chronicle();
  const group = raftClass(
    { nodes, seed: 'logs', trace: (event) => chronicle.add(event) },
    { snapshotAfter: 40, keepBehind: 10 },
  );
  group.linkAll();
  group.time.runFor(2_000);
  lesson(group);
  return {
    nodes: group.members.map(({ id }, i) => ({ id, name: ANIMALS[i] ?? `Node ${i}` })),
    chronicle,
    time: group.time.now(),
    version: chronicle.changes,
    selected: new Set([group.members[2]!.id]),
  };
}

/** Nothing passes between these and all others. */
function part(group: RaftClass, apart: ReadonlySet<NodeId>): void {
  const ids = group.members.map(({ id }) => id);
  const across = ids.flatMap((from) =>
    ids
      .filter((to) => apart.has(from) !== apart.has(to))
      .map((to) => ({ from, to, blackhole: true as const })),
  );
  group.setRules(across);
}

/** The leader is cut off with one voter, and goes on writing until it notices. */
function split(group: RaftClass): void {
  write(group, 9);
  const leader = leaderOf(group);
  const companion = group.members.find(
    (one) => one !== leader && one.protocols.raft.standing().role === 'follower',
  )!;
  part(group, new Set([leader.id, companion.id]));
  for (let i = 0; i < 4; i++) {
    leader.node.step(() => leader.protocols.raft.propose(i, () => {}));
    group.time.runFor(30);
  }
  group.time.runFor(1_600);
  write(group, 5);
}

/** Two writes reached the larger side alone, and one key only the longest-lived know. */
function withStore(fixture: LogsFixture): LogsFixture {
  const { chronicle, nodes, time } = fixture;
  const note = (node: NodeId, sequence: number, key: string, text: string): TraceEvent => ({
    ...{ node, incarnation: 1, sequence, lamport: sequence, vector: {} },
    ...{ at: time, wall: time, monotonic: time },
    ...{ type: 'note', protocol: 'kv', kind: 'holds' },
    detail: { key, text, sum: text.length, keys: 4, life: 1 },
  });
  for (const [i, { id }] of nodes.entries()) {
    chronicle.add(note(id, 900_001, 'captain', i < 2 ? '"Ida"' : '"Noor"'));
    chronicle.add(note(id, 900_002, 'flag', '"red"'));
    if (i !== 5)
      chronicle.add(
        note(id, 900_003, 'plan', '{"at":"noon","where":"behind the gym, by the bikes"}'),
      );
  }
  return { ...fixture, version: chronicle.changes };
}

export const LOGS: ReadonlyMap<string, () => LogsFixture> = new Map([
  ['none', () => ({ ...logsOf(3, () => {}), chronicle: new Chronicle() })],
  ['begun', () => logsOf(8, () => {})],
  ['quiet', () => logsOf(8, (group) => write(group, 70))],
  ['split', () => logsOf(8, split)],
  ['store', () => withStore(logsOf(8, split))],
  [
    'voting',
    () =>
      logsOf(8, (group) => {
        write(group, 6);
        leaderOf(group).crash();
        for (let i = 0; i < 200 && !isVoting(group); i++) group.time.runFor(5);
      }),
  ],
  [
    'lost',
    () =>
      logsOf(8, (group) => {
        write(group, 6);
        const voters = group.members.filter(
          (one) => one.protocols.raft.standing().role !== 'learner',
        );
        for (const voter of voters.slice(0, 3)) voter.crash();
        group.time.runFor(3_000);
      }),
  ],
  ['many', () => logsOf(24, (group) => write(group, 12))],
]);

function isVoting({ members }: RaftClass): boolean {
  return members.some(
    ({ alive, protocols }) => alive && protocols.raft.standing().role === 'candidate',
  );
}
