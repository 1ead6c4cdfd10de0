import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FETCH_AGAIN_MS } from '../../client/session/tab-part.ts';
import { ENGINES } from '../../src/merge/engine.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';

const WASM = '**/automerge-*.wasm';
const BOARD = '**/board-engines-*.js';
const PATIENCE_MS = 60_000 + FETCH_AGAIN_MS;

/** Waits until the tab takes part, without asking its board, for that would make it. */
async function takesPart({ page }: Student): Promise<void> {
  await page.waitForFunction(() => 'board' in window.netsplit!.metrics(), null, {
    timeout: PATIENCE_MS,
  });
}

async function hasTitle({ page }: Student, title: string): Promise<void> {
  await page.waitForFunction(
    async (wanted) => (await window.netsplit!.board.state('crdt'))['title'] === wanted,
    title,
    { timeout: PATIENCE_MS },
  );
}

const engines = ({ page }: Student) => page.evaluate(() => window.netsplit!.board.engines());

describe('a board that one tab opens', () => {
  let classroom: Classroom;
  let opener: Student;
  let hearer: Student;
  /** Its browser is not given the largest engine. */
  let lacking: Student;
  /** Its first attempts to fetch the board fail. */
  let unlucky: Student;
  let failures = 0;
  const fetched: string[] = [];

  beforeAll(async () => {
    classroom = await Classroom.open();
    const refuse = (pattern: string) => async (page: Page) => {
      await page.route(pattern, (route) => {
        failures += pattern === BOARD ? 1 : 0;
        return route.abort();
      });
    };
    opener = await classroom.enter();
    opener.page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    hearer = await classroom.enter();
    lacking = await classroom.enter(undefined, refuse(WASM));
    unlucky = await classroom.enter(undefined, refuse(BOARD));
    await fullMesh([opener, hearer, lacking, unlucky]);
  });
  afterAll(() => classroom?.close());

  test('is fetched once, however many ask at once, with all engines', async () => {
    const told = await opener.page.evaluate(() =>
      Promise.all([
        window.netsplit!.board.set('title', 'Lab'),
        window.netsplit!.board.increment('votes', 2),
        window.netsplit!.board.engines(),
      ]),
    );
    expect(told[2]).toEqual([...ENGINES]);
    expect(fetched.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
    for (const engine of ENGINES)
      expect(
        await opener.page.evaluate((name) => window.netsplit!.board.state(name), engine),
      ).toEqual({ title: 'Lab', votes: 2 });
  });

  test('is joined by a tab that hears of it, unasked, with all that came before', async () => {
    await takesPart(hearer);
    await hasTitle(hearer, 'Lab');
    expect(await engines(hearer)).toEqual([...ENGINES]);
  });

  test('is joined without Automerge where that cannot be had, and the tab says why', async () => {
    await takesPart(lacking);
    await hasTitle(lacking, 'Lab');
    expect(await engines(lacking)).toEqual(ENGINES.filter((name) => name !== 'automerge'));
    const refused = await lacking.page.evaluate(() => {
      try {
        void window.netsplit!.board.state('automerge');
        return null;
      } catch (error) {
        return String(error);
      }
    });
    expect(refused).toMatch(/without Automerge, .*: the server does not answer\. Reload/);
  });

  test('is joined later by a tab that could not fetch it, which asks seldom', async () => {
    await expect.poll(() => failures, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    const before = failures;
    await opener.page.evaluate(() => window.netsplit!.board.set('title', 'Lab 2'));
    await hasTitle(hearer, 'Lab 2');
    expect(failures - before).toBeLessThan(2);
    expect(await unlucky.page.evaluate(() => 'board' in window.netsplit!.metrics())).toBe(false);
    await unlucky.page.unroute(BOARD);
    await takesPart(unlucky);
    await hasTitle(unlucky, 'Lab 2');
  });

  test('is there again after a reload, also where nobody is left to tell of it', async () => {
    for (const { page } of [opener, lacking, unlucky]) await page.close();
    await hearer.page.reload();
    await hearer.is('joined');
    await takesPart(hearer);
    await hasTitle(hearer, 'Lab 2');
    expect(await engines(hearer)).toEqual([...ENGINES]);
  });
});
