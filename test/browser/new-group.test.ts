import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { turnOf } from '../../src/network/runs.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { ElectingTabs } from '../support/electing-tabs.ts';
import { rendererOf } from '../support/renderer.ts';
import { get, lastNote, put } from '../support/store-tabs.ts';
import { Teacher } from '../support/teacher.ts';
import { until } from '../support/until.ts';

const VOTERS = 5;
const MAJORITY = 3;
const STEP_MS = 60_000;

/** Real tabs, each in a process of its own, and the teacher's page. */
describe(`${VOTERS} tabs that vote`, () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let students: readonly Student[];
  let ids: readonly NodeId[];

  /** Waits until that is true of the last note of this kind of each of these. */
  async function allNote(
    kind: string,
    isSo: (detail: Awaited<ReturnType<typeof lastNote>>) => boolean,
    among = students,
  ): Promise<void> {
    let said: Awaited<ReturnType<typeof lastNote>>[] = [];
    await until(
      async () => {
        said = await Promise.all(among.map((student) => lastNote(student, kind)));
        return said.every(isSo);
      },
      { what: `${kind} of all`, deadlineMs: STEP_MS },
      () => said,
    );
  }

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    students = await classroom.join(VOTERS);
    await fullMesh(students);
    ids = await new ElectingTabs(students).idsOf();
    await teacher.watches(VOTERS);
  }, 180_000);
  afterAll(() => classroom?.close());

  test(
    'RAFT-17 three die: the teacher is told, and founds a new group that has what was committed',
    async () => {
      expect(await put(students[0]!, 'colour', 'green')).toEqual({ ok: true });
      const leader = await new ElectingTabs(students).agree('raft');
      await allNote('members', (said) => String(said?.['voters']).split(' ').length === VOTERS);
      const committed = Number((await lastNote(students[ids.indexOf(leader)]!, 'committed'))!['index']); // prettier-ignore
      await allNote('committed', (said) => Number(said?.['index']) >= committed);

      const others = students.filter((_, place) => ids[place] !== leader);
      const left = others.slice(0, VOTERS - MAJORITY);
      const dying = students.filter((student) => !left.includes(student));
      expect(dying).toHaveLength(MAJORITY);
      for (const { page } of dying) (await rendererOf(page)).kill();

      const told = teacher.page.getByText(/^Too few voters are left/);
      await told.waitFor({ timeout: STEP_MS });
      await teacher.page.getByRole('button', { name: 'New group from the survivors' }).click();
      await told.waitFor({ state: 'detached', timeout: STEP_MS });

      const leftIds = ids.filter((_, place) => left.includes(students[place]!));
      const next = await new ElectingTabs(left).agree('raft');
      expect(leftIds).toContain(next);
      for (const student of left)
        expect(await get(student, 'colour')).toEqual({ ok: true, value: 'green' });
      expect(await put(left.at(-1)!, 'colour', 'blue')).toEqual({ ok: true });
      expect(await get(left[0]!, 'colour')).toEqual({ ok: true, value: 'blue' });

      // By the traces: who founded it, and that it was the teacher's doing.
      for (const student of left) {
        const { algorithm, turn, by } = (await lastNote(student, 'election'))!;
        expect({ algorithm, turn }).toEqual({ algorithm: 'raft', turn: 2 });
        expect(leftIds).toContain(by);
        expect(turnOf(String((await lastNote(student, 'role'))!['group']))).toBe(2);
        const orders = (await student.call('trace', { limit: 100_000 })).flatMap((event) =>
          event.type === 'order' ? [event.title] : [],
        );
        expect(orders.at(-1)).toMatch(/Raft/);
        expect(student.errors).toEqual([]);
      }
    },
    5 * STEP_MS,
  );
});
