import type { CellAction } from '../../src/checkers/models.ts';
import type { RaftInvariants } from '../../src/checkers/raft-invariants.ts';
import type { RaftMessage } from '../../src/election/raft/messages.ts';
import type { RaftOptions } from '../../src/election/raft/options.ts';
import type { Cluster } from '../../src/simulator/cluster.ts';
import type { Machine } from '../../src/simulator/machine.ts';
import type { RaftRun } from '../../src/simulator/scenarios/raft-clients.ts';
import type { RaftMember } from '../../src/simulator/scenarios/raft-member.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Check } from './checks.ts';

/** Longer than an election takes, or the growth of a group to five voters. */
const SETTLED_MS: Milliseconds = 8_000;

/** A group of Raft that is at rest, and what its notes show to be wrong. */
class Group {
  readonly cluster: Cluster<RaftMember>;
  readonly rules = new Set<string>();

  private constructor(cluster: Cluster<RaftMember>) {
    this.cluster = cluster;
  }

  static async settled(nodes: number, options: Partial<RaftOptions> = {}): Promise<Group> {
    const { Cluster: Made } = await import('../../src/simulator/cluster.ts');
    const { RaftInvariants: Watch } = await import('../../src/checkers/raft-invariants.ts');
    const { raftMember } = await import('../../src/simulator/scenarios/raft-member.ts');
    const { DEFAULT_OPTIONS } = await import('../../src/election/raft/options.ts');
    const invariants: RaftInvariants = new Watch();
    const cluster: Cluster<RaftMember> = new Made<RaftMember>({
      nodes,
      seed: 1,
      protocols: (node, life, index) =>
        raftMember(node, life, index, { ...DEFAULT_OPTIONS, ...options }),
      delay: () => 5,
      maxWriteMs: 5,
      trace: (event) => invariants.add(event).forEach(({ rule }) => group.rules.add(rule)),
    });
    const group = new Group(cluster);
    cluster.linkAll();
    const [founder] = cluster.members;
    founder!.node.step(() => founder!.protocols.elections.switchTo('raft'));
    cluster.time.runFor(SETTLED_MS);
    return group;
  }

  /** Those that lead, as they see it, and the others. */
  get leader(): Machine<RaftMember> {
    return this.cluster.members.find(({ protocols }) => protocols.raft()!.isLeader())!;
  }

  get others(): readonly Machine<RaftMember>[] {
    const { leader } = this;
    return this.cluster.members.filter((machine) => machine !== leader);
  }

  /** Nothing passes between these nodes and all others. */
  part(side: readonly Machine<RaftMember>[]): void {
    const others = this.cluster.members.filter((machine) => !side.includes(machine));
    this.cluster.setRules(
      side.flatMap(({ id }) =>
        others.flatMap((other) => [
          { from: id, to: other.id, blackhole: true },
          { from: other.id, to: id, blackhole: true },
        ]),
      ),
    );
  }

  runFor(ms: Milliseconds): void {
    this.cluster.time.runFor(ms);
  }
}

/** A message to a member of the first birth, as its schema would let it pass. */
function tell(machine: Machine<RaftMember>, from: NodeId, said: object): void {
  const { node, protocols } = machine;
  const message = { from: 1, to: 1, ...said } as RaftMessage;
  node.step(() => protocols.raft()!.receive(from, message));
}

function stateOf({ protocols }: Machine<RaftMember>) {
  return protocols.raft()!.inspect() as { term: number; lastIndex: number; commit: number };
}

/** A voter crashes after it has voted, and is asked again by another candidate of that term. */
export const voteOverACrash: Check = {
  name: 'a vote before and after a crash',
  async finds(faults) {
    const group = await Group.settled(3);
    const [voter, other] = group.others;
    const candidates = [other!.id, group.leader.id];
    const term = stateOf(voter!).term + 1;
    const ask = { type: 'ask-vote', term, lastIndex: 1e6, lastTerm: term, isPre: false, isHandover: true }; // prettier-ignore
    group.part([voter!]);
    for (const candidate of candidates) {
      tell(voter!, candidate, ask);
      group.runFor(20);
      if (!faults) continue;
      voter!.crash();
      group.cluster.restart(group.cluster.members.indexOf(voter!), true);
      group.runFor(20);
    }
    return group.rules.has('one vote a term');
  },
};

/**
 * Figure 8 of the paper: a leader finds an entry of an earlier term at a majority, and none of its
 * own. Whoever leads next may lack it, and puts its own there.
 */
export const olderTermReplaced: Check = {
  name: 'an entry of an older term that is replaced',
  async finds(faults) {
    const group = await Group.settled(3);
    const { leader } = group;
    const [near, far] = group.others;
    if (faults) group.part([leader]);
    leader.node.step(() => leader.protocols.raft()!.propose({ type: 'get', key: 'x' }, () => {}));
    group.runFor(20);
    if (!faults) return group.rules.size > 0;
    const { term, lastIndex: index } = stateOf(leader);
    const said = (more: object) => tell(leader, near!.id, more);
    said({ type: 'vote', term: term + 1, isPre: false, granted: false });
    // It loses its patience, and gets the votes of the one that has its entry.
    for (let waited = 0; !leader.protocols.raft()!.isLeader() && waited < 5_000; waited += 10) {
      group.runFor(10);
      for (const isPre of [true, false]) said({ type: 'vote', term: term + 2, isPre, granted: true }); // prettier-ignore
    }
    said({ type: 'appended', term: term + 2, match: index, round: 1 });
    group.runFor(20);
    const entries = [{ type: 'noop', term: term + 3 }];
    const append = { type: 'append', term: term + 3, prevIndex: index - 1, entries, commit: index - 1, round: 1 }; // prettier-ignore
    tell(leader, far!.id, { ...append, prevTerm: term });
    group.runFor(20);
    return group.rules.has('the committed stays');
  },
};

/** Four voters, two on either side: neither may decide anything. */
export const partedInHalves: Check = {
  name: 'a group that is parted in halves',
  async finds(faults) {
    const group = await Group.settled(4);
    const [near] = group.others;
    if (faults) group.part([group.leader, near!]);
    group.runFor(5_000);
    for (const { node, protocols } of group.cluster.members)
      node.step(() => protocols.raft()!.propose({ type: 'get', key: 'x' }, () => {}));
    group.runFor(1_000);
    return group.rules.has('the committed stays');
  },
};

/** A leader that is cut off and does not know it is asked what the others have changed meanwhile. */
export const readAtADeposedLeader: Check = {
  name: 'a read at a deposed leader',
  async finds(faults) {
    const { ask } = await import('../../src/simulator/scenarios/raft-clients.ts');
    const { checkLinearizability } = await import('../../src/checkers/linearizability.ts');
    const { keyValueModel } = await import('../../src/checkers/models.ts');
    const { Random } = await import('../../src/simulator/random.ts');
    const group = await Group.settled(5, { checkQuorum: false });
    const { cluster, leader, others } = group;
    const run: RaftRun = { cluster, history: [], dead: new Set(), random: new Random(1) };
    const at = (machine: Machine<RaftMember>, action: CellAction) => {
      ask(run, cluster.members.indexOf(machine), action, () => {});
      group.runFor(3_000);
    };
    at(leader, { kind: 'write', key: 'x', value: 'before' });
    if (faults) group.part([leader]);
    group.runFor(3_000);
    at(others[0]!, { kind: 'write', key: 'x', value: 'after' });
    for (let i = 0; i < 3; i++) at(leader, { kind: 'read', key: 'x' });
    return checkLinearizability(run.history, keyValueModel).verdict === 'not linearizable';
  },
};
