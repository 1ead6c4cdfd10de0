import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { fullMesh, type Student } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { reloadInAnElection } from '../soak/reload.ts';
import { MortalClass } from '../support/mortal-class.ts';
import {
  doubleVotes,
  get,
  groupsOf,
  put,
  putUntilOne,
  votesOf,
  watchVotes,
  type Written,
} from '../support/store-tabs.ts';
import { obey } from '../support/teacher.ts';
import { until } from '../support/until.ts';

const CLASS = 8;
const STEP_MS = 30_000;

/** `npm run soak -- leader` holds it to 1.5 s at p50 and 4 s at p99; here other programs may be at work. */
const WRITES_AGAIN_WITHIN_MS = 8_000;

/** Real tabs, one process each, with a store on the log of the first five. */
describe(`${CLASS} tabs that elect by Raft`, () => {
  let room: MortalClass;
  let tabs: ElectingTabs;

  const at = (places: readonly number[]) => places.map((place) => room.students[place]!);
  const placeOf = (id: NodeId) => room.ids.indexOf(id);
  const roles = async (students: readonly Student[]) =>
    (await Promise.all(students.map((student) => tabs.state(student)))).map(({ role }) => role);
  const votersNow = async () => room.places().filter((_, i) => voting[i] !== 'learner');
  let voting: string[] = [];

  /** Waits until five vote and three learn. */
  async function settled(): Promise<void> {
    await until(
      async () => {
        voting = await roles(room.students);
        return voting.filter((role) => role === 'learner').length === CLASS - 5;
      },
      { what: 'five voters', deadlineMs: STEP_MS },
      () => voting,
    );
  }

  beforeAll(async () => {
    room = await MortalClass.open(CLASS);
    tabs = new ElectingTabs(room.students);
    await Promise.all(room.students.map(watchVotes));
  }, 180_000);
  afterAll(() => room?.close());

  test('ELECT-16 all write first and at once: they found one group, which has what all have written', async () => {
    const wrote = await Promise.all(room.students.map((student, i) => put(student, `by ${i}`, i)));
    expect(wrote).toEqual(wrote.map(() => ({ ok: true })));
    for (const i of wrote.keys()) {
      const got = await Promise.all(room.students.map((student) => get(student, `by ${i}`)));
      expect(got).toEqual(wrote.map(() => ({ ok: true, value: i })));
    }
    await tabs.agree('raft');
    const groups = await Promise.all(room.students.map(groupsOf));
    expect([...new Set(groups.flat())]).toHaveLength(1);
  });

  test('RAFT-14 five come to vote, and the rest learn', async () => {
    await settled();
    expect(voting.filter((role) => role === 'leader')).toHaveLength(1);
  });

  test('the leader’s tab is killed: another leads, and has what was acknowledged', async () => {
    const leader = placeOf(await tabs.agree('raft'));
    const witness = room.places(leader)[0]!;
    expect(await put(room.students[witness]!, 'before', 1)).toEqual({ ok: true });
    let writing: Promise<Written[]> | undefined;
    const { killedAt } = await room.kill(leader, room.places(leader), (at) => {
      writing = putUntilOne(room.students[witness]!, at);
    });
    const written = await writing!;
    expect(written.at(-1)!.endedAt - killedAt).toBeLessThan(WRITES_AGAIN_WITHIN_MS);
    const rest = at(room.places(leader));
    const next = await tabs.agree('raft', rest);
    expect(next).not.toBe(room.ids[leader]);
    expect(await get(room.students[witness]!, 'before')).toEqual({ ok: true, value: 1 });
    await room.restore(leader);
    await watchVotes(room.students[leader]!);
    await fullMesh(room.students);
    await tabs.agree('raft', room.students);
    await settled();
  });

  test('split 5 | 3 with the leader among three: it steps down, the others commit, one history is left', async () => {
    const leader = placeOf(await tabs.agree('raft', room.students));
    const voters = await votersNow();
    const few = [leader, voters.find((place) => place !== leader)!];
    few.push(room.places(...voters)[0]!);
    const many = room.places(...few);
    const { version } = await room.teacher.order(
      'partition',
      [many, few].map((places) => places.map((place) => room.ids[place]!)),
      { style: 'blackhole' },
    );
    await obey(room.students, version);
    const next = await tabs.agree('raft', at(many));
    expect(many).toContain(placeOf(next));
    await until(async () => !(await roles(at(few))).includes('leader'), {
      what: 'the old leader to step down',
      deadlineMs: STEP_MS,
    });
    expect(await put(at(many)[0]!, 'side', 'many')).toEqual({ ok: true });
    const refused = await put(room.students[leader]!, 'side', 'few');
    expect(refused).not.toEqual({ ok: true });
    await obey(room.students, (await room.teacher.order('heal')).version);
    await tabs.agree('raft', room.students);
    const said = await Promise.all(room.students.map((student) => get(student, 'side')));
    // What was never answered may still have been taken, by the same leader for all.
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
    if (!('unknown' in refused)) expect(said[0]).toEqual({ ok: true, value: 'many' });
  });

  test('RAFT-3 a tab that reloads in the middle of an election votes once in a term', async () => {
    for (let trial = 0; trial < 3; trial++) {
      await settled();
      await reloadInAnElection(room, tabs, trial);
    }
    const votes = await votesOf(room.students);
    // Nobody leads whom not three of the five have voted for.
    expect(votes.flat().length).toBeGreaterThanOrEqual(3);
    expect(votes.flatMap(doubleVotes)).toEqual([]);
  });
});
