import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hearNot } from '../support/hear-not.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';

/** What people see when something is not as it should be, caused for real. */
describe('faces', () => {
  let classroom: Classroom;
  let teacher: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    teacher = (await classroom.teach()).page;
    await teacher.getByRole('heading', { name: 'Class' }).waitFor();
  });
  afterAll(() => classroom?.close());

  test('a browser without WebRTC is told so, and joins nothing', async () => {
    const context = await classroom.browser.newContext();
    await context.addInitScript(() => {
      for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection'])
        Object.defineProperty(window, name, { value: undefined });
    });
    const page = await context.newPage();
    await page.goto(classroom.server.joinUrl);
    await seen(page, 'This browser has no WebRTC');
    await context.close();
  });

  test('a tab whose page cannot be fetched is a node all the same, and says so', async () => {
    const context = await classroom.browser.newContext();
    await context.route('**/assets/page-*.js', (route) => route.abort());
    const page = await context.newPage();
    await page.goto(classroom.server.joinUrl);
    await seen(page, 'This tab is a node');
    await page.getByText('A part of its page could not be fetched').waitFor();
    expect(await page.evaluate(() => window.netsplit!.self().state)).toBe('joined');
    await context.close();
  });

  test('a room that does not exist', async () => {
    const { page } = await classroom.enter(`${classroom.server.origin}/r/AAAAAA`);
    await seen(page, 'No such room');
    await page.close();
  });

  test('a wrong key opens no teacher’s page', async () => {
    const { page } = await classroom.teach(`${classroom.server.joinUrl}/teach#${'0'.repeat(32)}`);
    await seen(page, 'Not the teacher’s key');
    await page.close();
  });

  test('alone: the code to share is there to be read', async () => {
    const [student] = (await classroom.join(1)) as [Student];
    await student.page.getByText(classroom.server.code).first().waitFor();
    await student.page.close();
  });

  test('a locked room lets nobody new in, and those inside come back after a reload', async () => {
    const [inside] = (await classroom.join(1)) as [Student];
    const { id } = await inside.call('self');
    await teacher.getByRole('switch', { name: /Lock/ }).click();
    await teacher.getByRole('switch', { name: /Locked/, checked: true }).waitFor();

    const outside = await classroom.enter();
    await seen(outside.page, 'The room is locked');
    await inside.page.reload();
    await inside.is('joined');
    expect((await inside.call('self')).id).toBe(id);

    await teacher.getByRole('switch', { name: /Locked/ }).click();
    await teacher.getByRole('switch', { name: /Lock/, checked: false }).waitFor();
    await outside.page.getByRole('button', { name: 'Try again' }).click();
    await fullMesh([inside, outside]);
    await Promise.all([inside.page.close(), outside.page.close()]);
  });

  test('a full room says so, until the teacher makes it larger', async () => {
    const [inside] = (await classroom.join(1)) as [Student];
    await resize(teacher, 1);
    await teacher.getByText('1 of 1', { exact: false }).first().waitFor();
    const outside = await classroom.enter();
    await seen(outside.page, 'The room is full');
    await resize(teacher, 12);
    await teacher.getByText('1 of 12', { exact: false }).first().waitFor();
    await outside.page.getByRole('button', { name: 'Try again' }).click();
    await fullMesh([inside, outside]);
    await Promise.all([inside.page.close(), outside.page.close()]);
  });

  test('a node that the teacher removes is out, and stays out over a reload', async () => {
    const [kept, removed] = (await classroom.join(2)) as [Student, Student];
    const { name } = await removed.call('self');
    await teacher
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await teacher.getByRole('button', { name: `Remove ${name}` }).click();
    await teacher.getByRole('button', { name: 'Yes, remove it' }).click();
    await seen(removed.page, 'Out of the room');
    await kept.hasOpenLinks(0);
    await removed.page.reload();
    await seen(removed.page, 'Out of the room');
    await Promise.all([kept.page.close(), removed.page.close()]);
  });

  test('a second tab of the same node sends the first one out, if that does not answer', async () => {
    const [first] = (await classroom.join(1)) as [Student];
    await first.page.addInitScript(hearNot, { starts: '42', ends: '["there"]' });
    await first.page.reload();
    await first.is('joined');
    const storage = await first.page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    // In a context of its own there is no BroadcastChannel between the two: only the server can tell.
    const context = await classroom.browser.newContext();
    const page = await context.newPage();
    await page.addInitScript((copy) => {
      for (const [key, value] of Object.entries(JSON.parse(copy) as Record<string, string>))
        sessionStorage.setItem(key, value);
    }, storage);
    await page.goto(classroom.server.joinUrl);
    await seen(first.page, 'Open in another tab');
    await context.close();
    await first.page.close();
  });

  test('a room that the teacher ends has ended for everybody, for good', async () => {
    const [student] = (await classroom.join(1)) as [Student];
    await teacher.getByRole('button', { name: 'End the room' }).click();
    await teacher.getByRole('button', { name: 'Yes, end it' }).click();
    await seen(student.page, 'The room has ended');
    await seen(teacher, 'The room has ended');
    const late = await classroom.enter();
    await seen(late.page, 'The room has ended');
  });
});

async function seen(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { name: title }).waitFor();
}

async function resize(teacher: Page, capacity: number): Promise<void> {
  await teacher.getByLabel('Room for').fill(String(capacity));
  await teacher.getByLabel('Room for').press('Tab');
}
