import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, Student } from '../support/classroom.ts';

/** A quartz crystal is off by a hundredth of this; so much shows in seconds. */
const DRIFT_PPM = 2_000;

/** 'Measure the drift', as a class does it. */
describe('a tab whose machine’s clock runs fast', () => {
  let classroom: Classroom;
  let steady: Student;
  let fast: Student;

  beforeAll(async () => {
    classroom = await Classroom.open();
    [steady] = (await classroom.join(1)) as [Student];
    const context = await classroom.browser.newContext();
    await context.addInitScript((ppm) => {
      const real = performance.now.bind(performance);
      performance.now = () => real() * (1 + ppm / 1e6);
    }, DRIFT_PPM);
    fast = new Student(await context.newPage());
    await fast.page.goto(classroom.server.joinUrl);
    await fullMesh([steady, fast]);
  });
  afterAll(() => classroom?.close());

  test('SYNC-4 shows its drift to the others, and theirs to itself the other way', async () => {
    for (const [student, ppm] of [
      [steady, DRIFT_PPM],
      [fast, -DRIFT_PPM],
    ] as const) {
      await student.page.waitForFunction(
        () => (window.netsplit!.offsets()[0]?.wall.driftErrorPpm ?? Infinity) < 400,
      );
      const [view] = await student.call('offsets');
      for (const clock of [view!.wall, view!.monotonic]) {
        // By the fast one's own clock a second is a little less.
        expect(Math.abs(clock.driftPpm! - ppm)).toBeLessThan(clock.driftErrorPpm! + 5);
        expect(clock.asAssumed).toBe(false);
      }
    }
  });

  test('is seen to gain time on the others’ pages, and by how much a day', async () => {
    const name = (await fast.call('self')).name!;
    await steady.page.getByText('Other clocks against mine').click();
    const row = steady.page.getByRole('row', { name });
    await row
      .getByText(/^gains \d+ min a day: [\d,]+ ± \d+ ppm, more than a good clock$/)
      .waitFor();
    await row.getByText(/ ahead, ± /).waitFor();
  });
});
