import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { obey, Teacher, toldOf } from '../support/teacher.ts';

const CLASS = 8;
const LEFT = 5;

/** Long enough for the busiest machine to be told of it. */
const PAUSE_MS = 60_000;

describe(`a class of ${CLASS} that the teacher splits ${LEFT} | ${CLASS - LEFT}`, () => {
  let classroom: Classroom;
  let students: Student[];
  let ids: NodeId[];
  let teacher: Teacher;

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    students = [...(await classroom.join(CLASS))];
    await fullMesh(students);
    await teacher.watches(CLASS);
    ids = (await Promise.all(students.map((student) => student.call('self')))).map(({ id }) => id!);
  }, 180_000);
  afterAll(() => classroom?.close());

  const sideOf = (index: number): number => (index < LEFT ? 0 : 1);

  /** Each says something, and its own side hears it. Answers what was said. */
  async function everybodySpeaks(): Promise<string[]> {
    const said = await Promise.all(students.map((student) => student.call('broadcast', 'anyone?')));
    await Promise.all(
      students.flatMap((student, at) =>
        said
          .filter((_, speaker) => sideOf(speaker) === sideOf(at))
          .map(({ id }) => student.hasDelivered(id)),
      ),
    );
    return said.map(({ id }) => id);
  }

  /** What each node received from the other side since it obeyed this version. */
  async function crossings(obeyed: number): Promise<string[]> {
    const found = await Promise.all(
      students.map(async (student, at) => {
        const { sequence } = await toldOf(student, obeyed);
        const trace = await student.call('trace', { limit: 100_000 });
        return trace.flatMap((event) => {
          if (event.type !== 'receive' || event.sequence <= sequence) return [];
          const from = ids.indexOf(event.from);
          return sideOf(from) === sideOf(at) ? [] : [`${event.from} to ${event.node}`];
        });
      }),
    );
    return found.flat();
  }

  /** Long enough for pings to be missed: that is noticed by the nodes themselves, and by no clock of ours. */
  async function everybodyGivesUpTheOthers(): Promise<void> {
    await Promise.all(
      students.map(({ page }, at) =>
        page.waitForFunction(
          (others) =>
            window
              .netsplit!.peers()
              .filter(({ id }) => others.includes(id))
              .every(({ link, verdict }) => link === 'cut' || verdict !== 'alive'),
          ids.filter((_, index) => sideOf(index) !== sideOf(at)),
        ),
      ),
    );
  }

  describe.each(['cut', 'blackhole'] as const)('by %s', (style) => {
    let split: number;
    let unheard: string[];

    test('hears nothing across the split, and all within each side', async () => {
      const groups = [ids.slice(0, LEFT), ids.slice(LEFT)];
      split = (await teacher.order('partition', groups, { style })).version;
      await obey(students, split);
      unheard = await everybodySpeaks();
      await everybodyGivesUpTheOthers();
      unheard.push(...(await everybodySpeaks()));
      expect(await crossings(split)).toEqual([]);
    });

    test('is seen from above on both sides', async () => {
      const { nodes } = await teacher.observe();
      expect(nodes.filter(({ watched }) => watched)).toHaveLength(CLASS);
      // News that only the nodes themselves could have brought.
      for (const student of [students[0]!, students[CLASS - 1]!]) {
        await student.call('pause', PAUSE_MS);
        const { name } = await student.call('self');
        await teacher.page
          .getByText(`${name}: paused`)
          .first()
          .waitFor({ state: 'attached', timeout: PAUSE_MS });
        await student.call('pause', 1);
        await student.is('joined');
      }
    });

    test('stays split over a restart of the server', async () => {
      await classroom.server.restart();
      for (const { page } of [teacher, ...students])
        await page
          .getByText('The server is gone', { exact: false })
          .first()
          .waitFor({ state: 'hidden' });
      expect((await teacher.observe()).version).toBe(split);
      unheard.push(...(await everybodySpeaks()));
      expect(await crossings(split)).toEqual([]);
    });

    test('is one mesh again when it is healed, and hears what it had not heard, once', async () => {
      const { version } = await teacher.order('heal');
      await obey(students, version);
      await fullMesh(students);
      const said = await Promise.all(students.map((student) => student.call('broadcast', 'back')));
      await Promise.all(
        students.flatMap((student) => said.map(({ id }) => student.hasDelivered(id))),
      );
      await Promise.all(
        students.flatMap((student) => unheard.map((id) => student.hasDelivered(id))),
      );
      for (const student of students) {
        const heard = (await student.call('delivered')).map(({ id }) => id);
        expect(heard.filter((id) => unheard.includes(id)).sort()).toEqual(unheard.toSorted());
      }
    });
  });

  test('complains of nothing', () => {
    expect(
      students.flatMap(({ errors }) => errors).filter((each) => !isSocketTrouble(each)),
    ).toEqual([]);
  });
});

/** Chromium logs each attempt to reach a server that is not there. */
function isSocketTrouble(text: string): boolean {
  return text.includes('WebSocket connection') || text.includes('ERR_CONNECTION');
}
