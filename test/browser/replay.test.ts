import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { obey, Teacher } from '../support/teacher.ts';

describe('a recording that is opened again', () => {
  let classroom: Classroom;
  let page: Page;
  let path: string;
  let names: string[];
  let events: number;

  beforeAll(async () => {
    classroom = await Classroom.open();
    const teacher = new Teacher((await classroom.teach()).page);
    const students: Student[] = await classroom.join(4);
    await fullMesh(students);
    await teacher.watches(4);
    const all = await Promise.all(students.map((each) => each.call('self')));
    names = all.map(({ name }) => name!);
    const ids = all.map(({ id }) => id!);
    const { version } = await teacher.order('partition', [ids.slice(0, 3), ids.slice(3)], {
      style: 'cut',
    });
    await obey(students, version);
    await teacher.order('node', ids[0]!, { pauseMs: 1_000 });
    await students[0]!.is('paused');
    await students[0]!.is('joined');
    await teacher.page.waitForFunction(() =>
      window.netsplit!.trace({ limit: 100_000 }).some(({ type }) => type === 'resume'),
    );
    const download = teacher.page.waitForEvent('download');
    await teacher.page.getByRole('button', { name: 'Export' }).click();
    path = await (await download).path();
    events = (await readFile(path, 'utf8')).split('\n').length;
    page = await (
      await classroom.browser.newContext({ viewport: { width: 1440, height: 900 } })
    ).newPage();
    await page.goto(`${classroom.server.origin}/replay`);
    await page.getByRole('heading', { name: 'Look at a lesson again' }).waitFor();
    // From here on there is no server and no network.
    await classroom.server.kill();
  }, 120_000);
  afterAll(() => classroom?.close());

  const choose = (name: string, text: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'application/x-ndjson', buffer: Buffer.from(text) });

  test('a file of another kind and one that was cut off are refused with a sentence', async () => {
    await choose('homework.txt', 'Dear teacher, the dog ate my graph.');
    await page
      .getByRole('alert')
      .getByText('homework.txt could not be opened. Line 1 does not begin a Netsplit trace')
      .waitFor();
    const text = await readFile(path, 'utf8');
    await choose('half.ndjson', text.slice(0, text.length / 2));
    await page
      .getByRole('alert')
      .getByText(/half\.ndjson could not be opened\..*(cut off|damaged)/)
      .waitFor();
    expect(events).toBeGreaterThan(20);
  });

  test('both views show the moment that is scrubbed to', async () => {
    await page.locator('input[type=file]').setInputFiles(path);
    const slider = page.getByLabel('The moment that is shown');
    await slider.waitFor();
    await slider.press('End');
    const picture = page.getByRole('group', { name: 'The mesh as it was' });
    for (const name of names) await picture.getByLabel(`${name}:`).waitFor();
    await page.getByText('The teacher splits 3 | 1').waitFor();
    // Before the first event of all nobody had done anything.
    await slider.press('Home');
    await page.getByText('The teacher splits 3 | 1').waitFor({ state: 'detached' });
  });

  test('it finds the pause again, and plays to its end', async () => {
    const slider = page.getByLabel('The moment that is shown');
    const paused = page
      .getByRole('group', { name: 'The mesh as it was' })
      .getByText('paused')
      .first();
    const [from, to] = await slider.evaluate((input: HTMLInputElement) => [
      Number(input.min),
      Number(input.max),
    ]);
    let seen = false;
    for (let share = 1; share > 0 && !seen; share -= 0.01) {
      await slider.evaluate(
        (input: HTMLInputElement, at) => {
          input.value = String(at);
          input.dispatchEvent(new Event('input', { bubbles: true }));
        },
        from! + (to! - from!) * share,
      );
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      seen = (await paused.count()) > 0;
    }
    expect(seen).toBe(true);
    await slider.evaluate((input: HTMLInputElement, at) => {
      input.value = String(at);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, to! - 300);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForFunction(() => {
      const input = document.querySelector<HTMLInputElement>('input[type=range]')!;
      return Number(input.value) >= Number(input.max) - 1;
    });
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });
});
