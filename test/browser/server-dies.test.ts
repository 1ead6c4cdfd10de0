import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, openLinks, seesAs, type Student } from '../support/classroom.ts';

describe('a class whose signaling server is killed', () => {
  let classroom: Classroom;
  let students: Student[];

  beforeAll(async () => {
    classroom = await Classroom.open();
    students = [...(await classroom.join(5))];
    await fullMesh(students);
    await classroom.server.kill('SIGKILL');
    for (const { page } of students)
      await page.getByText('The server is gone', { exact: false }).first().waitFor();
  });
  afterAll(() => classroom?.close());

  test('keeps its links and hears broadcasts', async () => {
    const sent = await students[1]!.call('broadcast', 'still here');
    await Promise.all(students.map((student) => student.hasDelivered(sent.id)));
    await fullMesh(students);
  });

  test('finds a lost link again through a third tab', async () => {
    const [breaker] = students as [Student];
    const whole = await openLinks(breaker);
    const passedBefore = await introductions(students);

    // The connection itself is closed beneath the page, as when a network path breaks.
    const lost = await breaker.page.evaluate(() => window.testConnections!.closeOne());
    expect(lost).toBe(true);
    const someoneLost = students
      .slice(1)
      .map(({ page }) =>
        page.waitForFunction(() =>
          window.netsplit!.trace({ limit: 1e6 }).some(({ type }) => type === 'down'),
        ),
      );
    await Promise.any(someoneLost);
    await fullMesh(students);

    expect(await openLinks(breaker)).toEqual(whole);
    expect(await introductions(students)).toBeGreaterThan(passedBefore);
    const sent = await breaker.call('broadcast', 'found you');
    await Promise.all(students.map((student) => student.hasDelivered(sent.id)));
  });

  test('is whole again when the server returns: same room, same key, roster, and new tabs get in', async () => {
    const { code, key } = classroom.server;
    await classroom.server.restart();
    expect(classroom.server).toMatchObject({ code, key });
    for (const { page } of students)
      await page
        .getByText('The server is gone', { exact: false })
        .first()
        .waitFor({ state: 'hidden' });

    const before = await Promise.all(students.map((student) => student.call('self')));
    const [newcomer] = await classroom.join(1);
    await fullMesh([...students, newcomer!]);
    const seen = (await newcomer!.call('peers')).map(({ id }) => id).sort();
    expect(seen).toEqual(before.map(({ id }) => id).sort());
    for (const [index, student] of students.entries()) {
      const { id, incarnation } = await student.call('self');
      expect({ id, incarnation }).toEqual({
        id: before[index]!.id,
        incarnation: before[index]!.incarnation,
      });
    }
    const teacher = await classroom.teach();
    for (const student of [...students, newcomer!])
      await seesAs(teacher.page, student, 'in the mesh');
  });
});

async function introductions(students: readonly Student[]): Promise<number> {
  const counts = await Promise.all(students.map((student) => student.call('signals')));
  return counts.reduce((sum, count) => sum + (count.introductionsPassed ?? 0), 0);
}
