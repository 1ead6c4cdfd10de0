import { fullMesh, type Student } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { MortalClass } from '../support/mortal-class.ts';
import { doubleVotes, put, votesOf, watchVotes } from '../support/store-tabs.ts';
import { until } from '../support/until.ts';
import { CLASS } from './halves.ts';
import type { Soak } from './soak.ts';

const STEP_MS = 60_000;

/** Voters reload in the middle of elections, and what each has voted is looked through at the end. */
export const reload: Soak = async ({ trials, tell }) => {
  const room = await MortalClass.open(CLASS);
  try {
    await Promise.all(room.students.map(watchVotes));
    const tabs = new ElectingTabs(room.students);
    await put(room.students[0]!, 'trial', -1);
    for (let trial = 0; trial < trials; trial++) {
      const { term } = await reloadInAnElection(room, tabs, trial);
      tell(`trial ${trial + 1}: reloaded after term ${term}`);
    }
    const votes = await votesOf(room.students);
    const twice = votes.flatMap(doubleVotes);
    for (const double of twice) tell(double);
    return [
      { figure: 'votes given', value: votes.flat().length, unit: '', atMost: null },
      { figure: 'terms in which a node voted twice', value: twice.length, unit: '', atMost: 0 },
    ];
  } finally {
    await room.close();
  }
};

/** The leader is unplugged; as soon as anybody stands for election, a voter reloads. */
export async function reloadInAnElection(
  room: MortalClass,
  tabs: ElectingTabs,
  trial: number,
): Promise<{ readonly term: number }> {
  const leader = room.students[room.ids.indexOf(await tabs.agree('raft'))]!;
  const { term } = await tabs.state(leader);
  const states = await Promise.all(room.students.map((student) => tabs.state(student)));
  const voters = room.students.filter(
    (student, i) => states[i]!.role !== 'learner' && student !== leader,
  );
  const voter = voters[trial % voters.length]!;
  await leader.call('unplug');
  await until(() => somebodyStands(tabs, without(room.students, leader), term), {
    what: 'an election',
    deadlineMs: STEP_MS,
  });
  await voter.page.reload();
  await voter.is('joined');
  await leader.call('plug');
  await fullMesh(room.students);
  return { term };
}

async function somebodyStands(
  tabs: ElectingTabs,
  students: readonly Student[],
  after: number,
): Promise<boolean> {
  const states = await Promise.all(students.map((student) => tabs.state(student)));
  return states.some(({ role, term }) => role === 'candidate' || term > after);
}

const without = (students: readonly Student[], one: Student) =>
  students.filter((student) => student !== one);
