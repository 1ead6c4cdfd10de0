import { RaftInvariants } from '../../checkers/raft-invariants.ts';
import { writeKeyValueHistory } from '../../checkers/write-history.ts';
import type { CellAction } from '../../checkers/models.ts';
import { NOBODY, type Config } from '../../election/raft/config.ts';
import { nodeOf } from '../../election/raft/member.ts';
import { shuffled } from '../../runtime/shuffled.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Cluster } from '../cluster.ts';
import type { Scenario, Violation } from '../scenario.ts';
import { judged } from './judged.ts';
import { ask, drawAction, type RaftRun } from './raft-clients.ts';
import { drawOptions, found, raftMember, type RaftMember } from './raft-member.ts';

/** So clients are busy at the same time, and commands are under way when a fault hits. */
const AT_A_STRETCH = 8;

/** Voters come and go while others write. */
const TEACHER_CHOOSES = 0.15;
const LEADER_HANDS_OVER = 0.08;
const LEARNER_IS_WIPED = 0.15;

/** A tab is closed, and opened again: first after so long that its leader has noticed. */
const MIN_CLOSED_MS: Milliseconds = 2_000;
const MAX_CLOSED_MS: Milliseconds = 6_000;

const FINAL = 'final';

/** What the teacher has chosen, and who has put its last value, run by run. */
interface Lesson {
  voters: readonly NodeId[] | null;
  readonly answered: Set<number>;
}
const lessons = new WeakMap<Cluster<RaftMember>, Lesson>();

/**
 * A store on a Raft log, and clients on every node. Whatever they are told must be what one machine
 * that never fails could have told them, and the notes of the members must keep Raft's invariants,
 * while voters are chosen anew, learners lose their disks, and leaders hand over. Once the faults are
 * over, all are answered and all nodes know the same.
 */
export const raftScenario: Scenario<RaftMember, CellAction> = {
  name: 'raft',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'partition', 'swizzle', 'clock-jump', 'drift'], // prettier-ignore
  safetyMs: 30_000,
  livenessMs: 20_000,
  // With the network's longest way there and back, a commit takes less than the least timeout.
  slowestWriteMs: 100,
  fullMesh: true,

  watch: () => new RaftInvariants(),

  protocols: (node, life, index, setting) => raftMember(node, life, index, drawOptions(setting)),

  operate(run, index, value) {
    found(run.cluster, index);
    const { random } = run;
    if (random.next() < TEACHER_CHOOSES) chooseVoters(run);
    if (random.next() < LEADER_HANDS_OVER) handOver(run);
    if (random.next() < LEARNER_IS_WIPED) wipeLearner(run);
    const { protocols, responsive } = run.cluster.members[index]!;
    if (responsive && !protocols.isWaiting) askOn(run, index, value, AT_A_STRETCH);
  },

  /** One more value by everyone, however often it takes: the healed group must take them all. */
  healed(run) {
    run.cluster.time.runFor(0);
    found(run.cluster, 0);
    tellVoters(run);
    run.cluster.members.forEach((_, index) => putFinally(run, index, 0));
  },

  write: writeKeyValueHistory,

  safety: ({ history, cluster }) => judged(history, cluster.time.now()),

  liveness(run) {
    const { answered } = lessonOf(run);
    const left = run.cluster.members.flatMap((_, index): Violation[] =>
      answered.has(index)
        ? []
        : [{ rule: 'after the faults all is answered', text: `node ${index} was not answered` }],
    );
    return left.length > 0 ? left : differences(run);
  },
};

function lessonOf({ cluster }: Pick<RaftRun, 'cluster'>): Lesson {
  let lesson = lessons.get(cluster);
  if (lesson === undefined) lessons.set(cluster, (lesson = { voters: null, answered: new Set() }));
  return lesson;
}

/** From one to all of them, or whoever comes. */
function chooseVoters(run: RaftRun): void {
  const { cluster, random } = run;
  const ids = shuffled(cluster.members.map(({ id }) => id), random.next); // prettier-ignore
  const some = ids.slice(0, 1 + random.below(ids.length));
  lessonOf(run).voters = random.next() < 0.3 ? null : some;
  tellVoters(run);
}

/** The room's choices come by the server, which no fault of the mesh keeps back. */
function tellVoters(run: RaftRun): void {
  const { voters } = lessonOf(run);
  for (const { node, protocols, responsive } of run.cluster.members)
    if (responsive)
      node.step(() =>
        protocols.elections.use({
          election: null,
          electionSlowness: 1,
          electionVoters: voters && [...voters],
        }),
      );
}

function handOver({ cluster, random }: RaftRun): void {
  const { members } = cluster;
  const { id } = members[random.below(members.length)]!;
  for (const { node, protocols, responsive } of members)
    if (responsive) node.step(() => protocols.raft()?.handOver(id));
}

/**
 * What a voter has on its disk is what it promised: only who decides nothing may lose it. A leader that
 * has just heard a learner may make it a voter a moment after its tab was closed, so whether it has lost
 * its disk shows when the tab is opened again.
 */
function wipeLearner({ cluster, random }: RaftRun): void {
  const { members, time } = cluster;
  const index = random.below(members.length);
  const { id, responsive } = members[index]!;
  const forMs = MIN_CLOSED_MS + random.below(MAX_CLOSED_MS - MIN_CLOSED_MS);
  const decides = () => members.some(({ protocols }) => votersOf(protocols).includes(id));
  if (!responsive || decides()) return;
  members[index]!.crash();
  time.after(forMs, () => cluster.restart(index, decides()));
}

/** Those that decide, by the newest that this member knows. */
function votersOf({ raft }: RaftMember): readonly NodeId[] {
  const state = raft()?.inspect() as { readonly config: Config } | undefined;
  return (state?.config ?? NOBODY).voters.map(nodeOf);
}

/** A stretch of commands, the next when the one before has ended. */
function askOn(run: RaftRun, index: number, value: number, left: number): void {
  if (left === 0) return;
  const { seen } = run.cluster.members[index]!.protocols;
  const action = drawAction(run.random, seen, `${value}-${left}`);
  ask(run, index, action, () => askOn(run, index, value, left - 1));
}

function putFinally(run: RaftRun, index: number, tried: number): void {
  const value = `${FINAL} ${index}.${tried}`;
  ask(run, index, { kind: 'write', key: 'x', value }, (outcome) => {
    if ('ok' in outcome && outcome.ok) lessonOf(run).answered.add(index);
    else putFinally(run, index, tried + 1);
  });
}

/** All who take part have executed the same by now. */
function differences({ cluster }: RaftRun): readonly Violation[] {
  const states = cluster.members.map(({ protocols }) => protocols.kv.machine.digest());
  const rule = 'after the faults all nodes know the same';
  return states.flatMap((state, index) =>
    state === states[0] ? [] : [{ rule, text: `nodes 0 and ${index} differ` }],
  );
}
