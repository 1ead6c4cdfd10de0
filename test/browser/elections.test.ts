import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { obey, Teacher } from '../support/teacher.ts';

const CLASS = 8;
const PARTS = [
  [0, 1, 2, 3, 4],
  [5, 6, 7],
] as const;

const STEP_MS = 60_000;

/** Real tabs, a real teacher's page. */
describe(`${CLASS} tabs that elect`, () => {
  let classroom: Classroom;
  let tabs: ElectingTabs;
  let teacher: Teacher;
  let ids: NodeId[];
  let students: readonly Student[];
  const nameOf = new Map<NodeId, string>();

  const at = (places: readonly number[]) => places.map((place) => students[place]!);
  const placesById = () => [...ids.keys()].sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));

  async function heal(): Promise<void> {
    const { version } = await teacher.order('heal');
    await obey(students, version);
  }

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    await teacher.is('joined');
    students = await classroom.join(CLASS);
    await fullMesh(students);
    tabs = new ElectingTabs(students);
    ids = await tabs.idsOf();
    for (const student of students) {
      const { id, name } = await student.call('self');
      nameOf.set(id!, name!);
    }
    await teacher.watches(CLASS);
  }, 180_000);
  afterAll(() => classroom?.close());

  test('ELECT-1 nobody is elected, and nothing is fetched, until somebody chooses', async () => {
    expect(await tabs.state(students[0]!)).toEqual({
      ...{ algorithm: null, role: 'follower', leader: null, term: 0 },
    });
    for (const student of students)
      expect(await student.call('metrics')).not.toHaveProperty('election');
  });

  test('what is no algorithm is refused in a sentence', async () => {
    await expect(tabs.use(students[0]!, 'dice' as 'naive')).rejects.toThrow(
      'This node cannot elect by dice.',
    );
  });

  test('one tab chooses naive: all hear of it and hold one for leader', async () => {
    await tabs.use(students[2]!, 'naive');
    const leader = await tabs.agree('naive');
    expect(await tabs.leaders()).toEqual([leader]);
  });

  test('NAIVE-6 split 5 | 3, each part has a leader; healed, one is left', async () => {
    const groups = PARTS.map((part) => part.map((place) => ids[place]!));
    const { version } = await teacher.order('partition', groups, { style: 'blackhole' });
    await obey(students, version);
    const leaders = await Promise.all(PARTS.map((part) => tabs.agree('naive', at(part))));
    expect((await tabs.leaders()).sort()).toEqual([...leaders].sort());
    const names = leaders.map((id) => nameOf.get(id)!);
    const told = teacher.page.getByText(/^Two leaders: /);
    await told.waitFor({ timeout: STEP_MS });
    for (const name of names) expect(await told.textContent()).toContain(name);
    await heal();
    await told.waitFor({ state: 'detached', timeout: STEP_MS });
    await tabs.follow(leaders.sort().at(-1)!, 'naive');
  });

  test('the teacher switches to bully, live: the highest id leads', async () => {
    const election = { algorithm: 'bully', turn: 5, by: { id: ids[0]!, life: 1 } } as const;
    await teacher.order('choose', { election });
    await tabs.follow(ids[placesById().at(-1)!]!, 'bully');
  });

  test('BULLY-8 the second highest, deaf to the highest, leads beside it', async () => {
    const [second, highest] = placesById().slice(-2) as [number, number];
    const { version } = await teacher.order('links', [
      { from: ids[highest]!, to: ids[second]!, blackhole: true },
    ]);
    await obey(students, version);
    await tabs.follow(ids[second]!, 'bully', at([second]));
    expect((await tabs.leaders()).sort()).toEqual([ids[second], ids[highest]]);
    await heal();
    await tabs.follow(ids[highest]!, 'bully');
  });

  test('ELECT-3 a tab that comes late follows, unasked', async () => {
    const [late] = await classroom.join(1);
    tabs = new ElectingTabs([...students, late!]);
    await tabs.agree('bully');
  });

  test('ELECT-6 a reload keeps the algorithm, also where nobody is left to tell of it', async () => {
    const [kept, ...others] = tabs.students;
    for (const { page } of others) await page.close();
    await kept!.page.reload();
    await kept!.is('joined');
    await tabs.follow(ids[0]!, 'bully', [kept!]);
    for (const { errors } of tabs.students) expect(errors).toEqual([]);
  });
});
