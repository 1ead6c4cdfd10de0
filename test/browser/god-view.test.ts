import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { obey, Teacher } from '../support/teacher.ts';

describe('a student who looks from above', () => {
  let classroom: Classroom;
  let teacher: Teacher;
  let student: Student;
  let ids: NodeId[];
  let names: string[];

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = new Teacher((await classroom.teach()).page);
    const students = await classroom.join(4);
    await fullMesh(students);
    student = students[0]!;
    await student.page.setViewportSize({ width: 1440, height: 900 });
    const all = await Promise.all(students.map((each) => each.call('self')));
    ids = all.map(({ id }) => id!);
    names = all.map(({ name }) => name!);
    await teacher.watches(4);
  }, 120_000);
  afterAll(() => classroom?.close());

  const toggle = () => student.page.getByRole('switch', { name: 'See everything' });
  const allow = () => teacher.page.getByRole('switch', { name: /room from above/ });

  test('may not until the teacher allows it', async () => {
    expect(await toggle().count()).toBe(0);
    await allow().click();
    await teacher.page.getByText('Students may see the room from above').waitFor();
    await toggle().waitFor();
  });

  test('sees both sides of a split, and its node still knows only its own', async () => {
    await toggle().click();
    const split = [ids.slice(0, 2), ids.slice(2)];
    const { version } = await teacher.order('partition', split, { style: 'cut' });
    await obey(classroom.students, version);
    const picture = student.page.getByRole('group', { name: 'The room from above' });
    for (const name of names) await picture.getByLabel(`${name}:`).waitFor();
    // The wall stands where rules that this node was not told of cut links that are not its own.
    await picture.locator('.wall').waitFor();
    const links = (await student.call('peers')).map(({ link }) => link).sort();
    expect(links).toEqual(['cut', 'cut', 'open']);
    // Above is no node: the class has not grown.
    expect((await teacher.observe()).nodes).toHaveLength(4);
  });

  test('is put out when the teacher ends it, and its node stays', async () => {
    await teacher.order('heal');
    await allow().click();
    await teacher.page.getByText('Let students see the room from above').waitFor();
    await toggle().waitFor({ state: 'hidden' });
    await student.page.getByRole('heading', { name: 'The mesh as I know it' }).waitFor();
    await fullMesh(classroom.students);
    expect(student.errors).toEqual([]);
  });
});
