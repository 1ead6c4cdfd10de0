import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';

describe('a tab that nobody looks at', () => {
  let classroom: Classroom;
  let students: Student[];

  beforeAll(async () => {
    classroom = await Classroom.open();
    students = await classroom.join(2);
    await fullMesh(students);
  });
  afterAll(() => classroom?.close());

  test('keeps its time by a worker, even if its own timers never fired again', async () => {
    const { page } = students[0]!;
    expect(page.workers()).toHaveLength(0);
    for (const student of students) await student.page.evaluate(loseTimers);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    // The other tab only answers from now on, so what is sent here is sent because time has passed.
    const { membership } = await students[0]!.call('metrics');
    await page.waitForFunction(
      (before) => window.netsplit!.metrics()['membership']!.messagesSent > before + 4,
      membership!.messagesSent,
    );
    expect(page.workers()).toHaveLength(1);
    expect((await students[1]!.call('peers'))[0]).toMatchObject({ verdict: 'alive' });
  });
});

/** Worse than any browser does to a hidden page: timers that are set from now on never fire. */
function loseTimers(): void {
  window.setTimeout = (() => 0) as unknown as typeof setTimeout;
}
