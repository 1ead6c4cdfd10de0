import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 60_000;

function pane(page: Page, name: string): Locator {
  return page.getByRole('article', { name, exact: true });
}

/** Into a field of the kind that the bar is at. */
async function write(page: Page, key: string, what: string, act: string): Promise<void> {
  await page.getByLabel('Field', { exact: true }).fill(key);
  await page.getByRole('form').locator('.what').fill(what);
  await page.getByRole('button', { name: act, exact: true }).click();
}

describe('the merge lab in two tabs', () => {
  let classroom: Classroom;
  let students: Student[];
  let left: Page;
  let right: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    students = await classroom.join(2);
    await fullMesh(students);
    [left, right] = students.map(({ page }) => page) as [Page, Page];
  });
  afterAll(() => classroom?.close());

  test('is opened by a button or a key, and invites to write', async () => {
    await left.getByRole('button', { name: 'Labs' }).click();
    await left.getByText('Nothing on the board yet.').waitFor();
    await right.getByRole('heading', { name: 'My clocks' }).waitFor();
    await right.keyboard.press('l');
    await right.getByText('Nothing on the board yet.').waitFor();
  });

  test('LAB-3 shows an edit in every pane of every tab', async () => {
    await write(left, 'captain', 'Ida', 'Write');
    for (const page of [left, right]) {
      await page.getByText('1 write, and no engine has lost any.').waitFor();
      const panes = page.getByRole('article');
      const shown = panes.getByRole('button', { name: 'Ida: change captain' });
      expect(await shown.count()).toBe(await panes.count());
    }
  });

  test('a value is changed where it stands, and a text is typed into, from either tab', async () => {
    await pane(right, 'Yjs').getByRole('button', { name: 'Ida: change captain' }).click();
    await right.keyboard.type('Noor');
    await right.keyboard.press('Enter');
    await pane(left, 'Siblings').getByRole('button', { name: 'Noor: change captain' }).waitFor();
    await left.getByRole('button', { name: 'Text', exact: true }).click();
    await write(left, 'report', 'at half time', 'Type at the end');
    await pane(right, 'Our CRDTs').getByRole('button', { name: 'Type into report' }).click();
    await right.keyboard.press('Home');
    await right.keyboard.type('we won ');
    await right.keyboard.press('Escape');
    const text = pane(left, 'Last write wins').getByText('we won at half time');
    await text.waitFor();
  });

  test('LAB-3 what is refused stays where it was typed, with the reason', async () => {
    await left.getByRole('button', { name: 'Value', exact: true }).click();
    await write(left, 'captain', 'x'.repeat(1_001), 'Write');
    await left
      .getByRole('alert')
      .getByText(/^A value is null, true/)
      .waitFor();
    expect(await left.getByRole('form').locator('.what').inputValue()).toHaveLength(1_001);
    await left.getByRole('form').locator('.what').fill('');
  });

  test('LAB-8 split, edited on both sides and healed, it says what was lost, by whom, and shows it', async () => {
    await right.evaluate(() => window.netsplit!.unplug());
    await until(
      () => left.evaluate(() => window.netsplit!.peers().every(({ link }) => link !== 'open')),
      { what: 'a split', deadlineMs: PATIENCE_MS },
    );
    await write(left, 'captain', 'Mia', 'Write');
    await left.getByText(/^Out of reach: .* nor whether they have one edit/).waitFor();
    expect(await left.getByText('unseen by 1').count()).toBe(
      await left.getByRole('article').count(),
    );
    await right.evaluate(() => void window.netsplit!.board.set('captain', 'Zoe'));
    await right.evaluate(() => window.netsplit!.plug());
    await pane(left, 'Siblings').getByRole('button', { name: 'Zoe: change captain' }).waitFor();
    await left.getByText(/Last write wins lost 1 of \d+ writes/).waitFor();
    await left.getByText('No difference is known to the board of one other.').waitFor();
    expect(await left.getByText('unseen by').count()).toBe(0);
    const lost = pane(left, 'Last write wins').locator('del');
    expect(await lost.allTextContents()).toEqual(['Mia']);
    await lost.click();
    const told = left.locator('ol [aria-pressed="true"]');
    expect(await told.textContent()).toMatch(/"Zoe" of .* erased .*"Mia"/);
    const diagram = left.getByRole('region', { name: 'Space and time' });
    await left.getByRole('button', { name: 'Show both writes in time' }).click();
    await diagram.getByText(/ are concurrent: neither could know of the other\.$/).waitFor();
    await diagram.getByRole('button', { name: 'Table', exact: true }).click();
    const writes = diagram.getByRole('row').filter({ hasText: 'board notes edit' });
    expect(await writes.count()).toBe(4);
    await left.getByRole('button', { name: 'Hide the diagram' }).click();
    expect(await diagram.count()).toBe(0);
    const ledger = await left.evaluate(() => window.netsplit!.board.ledger());
    for (const [engine, counts] of Object.entries(ledger)) {
      const names = { lww: 'Last write wins', crdt: 'Our CRDTs', yjs: 'Yjs' };
      const name = names[engine as keyof typeof names];
      if (name) await pane(left, name).getByText(`${counts.lost} lost`, { exact: true }).waitFor();
    }
  });

  test('history is gone through, and the board is there again', async () => {
    await left.getByRole('button', { name: 'Scrub history' }).click();
    const slider = left.getByRole('slider', { name: 'Step' });
    await slider.fill('1');
    await left.getByText('1 write, and no engine has lost any.').waitFor();
    await pane(left, 'Last write wins').getByText('Ida').waitFor();
    await slider.fill('0');
    await left.getByText('Nothing on the board yet.').waitFor();
    await left.getByRole('button', { name: 'Back to now' }).click();
    await pane(left, 'Siblings').getByRole('button', { name: 'Zoe: change captain' }).waitFor();
  });

  test('the ledger of this node is saved as a sheet', async () => {
    const download = left.waitForEvent('download');
    await left.getByRole('button', { name: 'Save as a sheet' }).click();
    const sheet = await readFile(await (await download).path(), 'utf8');
    expect(sheet.startsWith('\ufeff')).toBe(true);
    const lines = sheet.trim().split('\r\n');
    expect(lines[0]).toMatch(
      /^room,node,engine,writes,visible,superseded,resurrected,doubled,lost$/,
    );
    expect(lines.find((line) => line.includes(',lww,'))).toMatch(/,1$/);
  });

  test('a crashed node has no board, and its next life has it from the disk', async () => {
    await right.evaluate(() => window.netsplit!.crash());
    await right.getByText('My node has crashed, and its board with it.').waitFor();
    await right.evaluate(() => void window.netsplit!.restart({}));
    await pane(right, 'Siblings').getByRole('button', { name: 'Zoe: change captain' }).waitFor();
  });

  test('without a server the lab says so, and offers to try again', async () => {
    const parts = '**/board-engines-*.js';
    const { page } = await classroom.enter(classroom.server.joinUrl, (page) =>
      page.route(parts, (route) => route.abort()).then(() => {}),
    );
    await page.getByRole('button', { name: 'Labs' }).click();
    await page.getByText('I could not fetch the merge lab.').waitFor();
    await page.unroute(parts);
    await page.getByRole('button', { name: 'Try again' }).click();
    await pane(page, 'Siblings').getByRole('button', { name: 'Zoe: change captain' }).waitFor();
  });
});
