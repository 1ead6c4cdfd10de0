import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Classroom, fullMesh } from '../support/classroom.ts';
import { Teacher } from '../support/teacher.ts';
import { until } from '../support/until.ts';

describe('the classic of the merge lab', () => {
  let classroom: Classroom;
  let teacher: Page;

  beforeAll(async () => {
    classroom = await Classroom.open();
    await classroom.join(4);
    await fullMesh(classroom.students);
    ({ page: teacher } = await classroom.teach());
    // Whoever is not seen yet takes no part.
    const seen = teacher.locator('aside').getByText('in the mesh');
    await until(async () => (await seen.count()) === 4, { what: 'four nodes', deadlineMs: 30_000 });
  });
  afterAll(() => classroom?.close());

  const lab = () => teacher.getByRole('region', { name: 'Merge lab' });

  test('is played by one button, and nobody’s board has to be open before', async () => {
    await lab().getByRole('button', { name: 'Play the classic' }).click();
    await lab().getByText('The class is split, 2 | 2').waitFor();
    await lab().getByText('2 different boards: ').waitFor({ timeout: 60_000 });
    await lab().getByText('All 4 show the same.').waitFor({ timeout: 60_000 });
    await lab().getByRole('button', { name: 'Split and edit again' }).waitFor({ timeout: 60_000 });
    await fullMesh(classroom.students);
    const { rules, conditions } = await new Teacher(teacher).observe();
    expect(rules).toEqual([]);
    expect(conditions.some(({ wallOffsetMs = 0 }) => wallOffsetMs !== 0)).toBe(false);
  });

  test('the teacher’s sheet says what every node’s own ledger says', async () => {
    const ledger = await classroom.students[0]!.page.evaluate(() =>
      window.netsplit!.board.ledger(),
    );
    expect(ledger['lww']!.lost).toBeGreaterThan(0);
    expect([ledger['siblings']!.lost, ledger['crdt']!.lost]).toEqual([0, 0]);
    const row = lab().getByRole('row', { name: /^Last write wins/ });
    await row.getByRole('cell', { name: String(ledger['lww']!.lost), exact: true }).waitFor();

    const download = teacher.waitForEvent('download');
    await lab().getByRole('button', { name: 'Export the class’s sheet' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text.startsWith('\ufeff')).toBe(true);
    const lines = text
      .slice(1)
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(lines[0]!.slice(0, 4)).toEqual(['node', 'engine', 'edits', 'lost']);
    const lost = lines.filter(([, engine]) => engine === 'lww').map((cells) => Number(cells[3]));
    expect(lost).toEqual(Array(4).fill(ledger['lww']!.lost));
  });

  test('an edit that cannot be is refused by name, and the board stays', async () => {
    const { id } = await classroom.students[1]!.call('self');
    const refused = await new Teacher(teacher)
      .order('node', id!, { edits: [{ do: 'set', key: '', value: 1 }] })
      .catch((error: Error) => error.message);
    expect(refused).toMatch(/not-done: /);
  });
});
