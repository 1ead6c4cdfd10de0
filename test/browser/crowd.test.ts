import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { until } from '../support/until.ts';

/**
 * As many as two cores bear in a full mesh with time to spare. `NETSPLIT_CROWD=24` asks for two dozen,
 * which on a busy machine take minutes to link.
 */
const CROWD = Number(process.env['NETSPLIT_CROWD'] ?? 14);

/** Links are all cryptography: on two cores minutes of it for two dozen tabs, and nothing else hangs on how long. */
const MESH_MS = 420_000;

/** How long nothing may break. */
const STABLE_MS = 20_000;

describe(`${CROWD} tabs in one room`, () => {
  let classroom: Classroom;
  let students: Student[];

  beforeAll(async () => {
    classroom = await Classroom.open();
    const [first] = await classroom.join(1);
    const { page, context } = await classroom.teach();
    await page.getByLabel('Room for').fill(String(CROWD));
    await page.getByLabel('Room for').press('Tab');
    await page.getByText(`1 of ${CROWD}`).first().waitFor();
    // Its page watches them all, which on the same machine is work that no tab does in a class.
    await context.close();
    students = [first!, ...(await classroom.join(CROWD - 1))];
    await fullMesh(students, MESH_MS);
  }, 600_000);
  afterAll(() => classroom?.close());

  test('stay one full mesh for a while, and hear each other all the time', async () => {
    await Promise.all(students.map(({ page }) => page.evaluate(watchForBreaks)));
    const started = Date.now();
    let round = 0;
    await until(
      async () => {
        const speaker = students[round++ % CROWD]!;
        const sent = await speaker.call('broadcast', { round });
        await Promise.all(students.map((student) => student.hasDelivered(sent.id)));
        return round >= CROWD && Date.now() - started > STABLE_MS;
      },
      { what: 'broadcasts', deadlineMs: STABLE_MS * 10 },
    );
    await fullMesh(students);
    const breaks = await Promise.all(
      students.map(({ page }) => page.evaluate(() => window.testBreaks)),
    );
    expect(breaks.flat()).toEqual([]);
  }, 300_000);

  test('complain of nothing', () => {
    expect(students.flatMap((student) => student.errors)).toEqual([]);
  });
});

declare global {
  interface Window {
    testBreaks?: string[];
  }
}

/** Runs in the page: follows the trace as it grows, since a busy minute outgrows what it keeps. */
function watchForBreaks(): void {
  const breaks: string[] = [];
  window.testBreaks = breaks;
  let since = window.netsplit!.trace({ limit: Infinity }).at(-1)!.sequence;
  setInterval(() => {
    for (const event of window.netsplit!.trace({ since, limit: Infinity })) {
      if (event.sequence !== since + 1) breaks.push(`trace lost after ${since}`);
      since = event.sequence;
      if (event.type === 'down' || event.type === 'quarantine') breaks.push(JSON.stringify(event));
    }
  }, 250);
}
