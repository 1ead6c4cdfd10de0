import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// What the apps put on the window is declared where they are.
import type {} from './apps-code/repo-app.ts';
import type {} from './apps-code/yjs-app.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 30_000;
/** What Yjs says where an app brings its own: each document is touched by the copy that made it alone. */
const TWO_COPIES = 'Yjs was already imported.';
const FOLDER = '/apps-of-the-test';

/** Two apps in each of two tabs: one on Yjs and one on automerge-repo, both as they might come from elsewhere. */
describe('other people’s software in two tabs', () => {
  let classroom: Classroom;
  let outDir: string;
  let teacher: Page;
  let students: Student[];
  let pages: [Page, Page];
  let ids: string[];

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'netsplit-apps-'));
    const configFile = fileURLToPath(new URL('./apps-code/vite.config.ts', import.meta.url));
    await build({ configFile, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
    classroom = await Classroom.open();
    teacher = (await classroom.teach()).page;
    students = await classroom.join(2);
    await fullMesh(students);
    ids = (await Promise.all(students.map((student) => student.call('self')))).map(({ id }) => id!);
    pages = students.map(({ page }) => page) as [Page, Page];
    for (const page of pages) {
      // From the server of the page, whose policy allows no other.
      await page.route(`**${FOLDER}/**`, (route) =>
        route.fulfill({ path: join(outDir, route.request().url().split(FOLDER)[1]!) }),
      );
    }
  });
  afterAll(async () => {
    await classroom?.close();
    await rm(outDir, { recursive: true });
  });

  /** Loads an app into both tabs, as a script of the page. */
  async function load(app: 'yjs-app' | 'repo-app'): Promise<void> {
    for (const page of pages)
      await page.addScriptTag({ url: `${FOLDER}/${app}.js`, type: 'module' });
    const name = app === 'yjs-app' ? 'yjsApp' : 'repoApp';
    await peersAre(name, 1);
  }

  function peersAre(app: 'yjsApp' | 'repoApp', count: number): Promise<unknown> {
    return Promise.all(
      pages.map(
        (page) =>
        page.waitForFunction(([name, peers]) => window[name]?.peers() === peers, [app, count] as const, { timeout: PATIENCE_MS }), // prettier-ignore
      ),
    );
  }

  const texts = () => Promise.all(pages.map((page) => page.evaluate(() => window.yjsApp!.read())));
  const items = () =>
    Promise.all(pages.map((page) => page.evaluate(() => window.repoApp!.items())));

  async function agree<Value>(
    what: string,
    read: () => Promise<Value[]>,
    isWhole: (value: Value) => boolean,
  ): Promise<Value> {
    // prettier-ignore
    const [first] = await until(
      async () => {
        const [a, b] = await read();
        return JSON.stringify(a) === JSON.stringify(b) && isWhole(a!) && [a!];
      },
      { what, deadlineMs: PATIENCE_MS },
      read,
    );
    return first!;
  }

  const cut = () =>
    teacher.evaluate(
      ([a, b]) => window.netsplit!.teacher!.partition([[a], [b]] as never, { style: 'cut' }),
      ids,
    );
  const heal = () => teacher.evaluate(() => window.netsplit!.teacher!.heal());

  test('a document of the console’s own, as the README has it', async () => {
    const [a, b] = await Promise.all(
      pages.map((page) =>
        page.evaluateHandle(async () => {
          const { Y, NetsplitProvider } = await window.netsplit!.apps();
          const doc = new Y.Doc();
          const provider = new NetsplitProvider('console', doc);
          return { doc, provider };
        }),
      ),
    );
    await a!.evaluate(({ doc }) => doc.getText('text').insert(0, 'hello '));
    await until(() => b!.evaluate(({ doc }) => doc.getText('text').toString() === 'hello '), {
      what: 'hello in the other tab',
      deadlineMs: PATIENCE_MS,
    });
    await Promise.all([a, b].map((each) => each!.evaluate(({ provider }) => provider.destroy())));
  });

  test('two plain Yjs apps share a document and where each stands', async () => {
    await load('yjs-app');
    await pages[0].evaluate(() => window.yjsApp!.write('one '));
    await pages[1].evaluate(() => window.yjsApp!.stand(7));
    await agree('a text', texts, (text) => text === 'one ');
    await pages[0].waitForFunction(() => window.yjsApp!.others().includes(7), undefined, { timeout: PATIENCE_MS }); // prettier-ignore
    const metrics = await students[0]!.call('metrics');
    expect(metrics['channels']!.messagesSent).toBeGreaterThan(0);
  });

  test('two apps on automerge-repo share a document', async () => {
    await load('repo-app');
    const url = await pages[0].evaluate(() => window.repoApp!.create());
    await pages[1].evaluate((shared) => window.repoApp!.open(shared), url);
    await pages[0].evaluate(() => window.repoApp!.add('milk'));
    await pages[1].evaluate(() => window.repoApp!.add('tea'));
    await agree('items', items, (all) => `${all}` === 'milk,tea');
  });

  test('cut by the teacher both sides go on alone, and healed they are one again', async () => {
    await cut();
    await peersAre('yjsApp', 0);
    await peersAre('repoApp', 0);
    expect(await pages[0].evaluate(() => window.yjsApp!.others())).toEqual([]);
    for (const [i, page] of pages.entries())
      await page.evaluate((side) => {
        window.yjsApp!.write(`${side} `);
        window.repoApp!.add(side);
      }, `side ${i}`);
    expect(await texts()).toEqual(['one side 0 ', 'one side 1 ']);
    expect(await items()).toEqual([['milk', 'side 0', 'tea'], ['milk', 'side 1', 'tea']]); // prettier-ignore

    await heal();
    const text = await agree(
      'a text',
      texts,
      ({ length }) => length === 'one side 0 side 1 '.length,
    );
    expect(text.split(' ').sort()).toEqual('one side 0 side 1 '.split(' ').sort());
    await agree('items', items, (all) => `${all}` === 'milk,side 0,side 1,tea');
    await pages[0].waitForFunction(() => window.yjsApp!.others().includes(7), undefined, { timeout: PATIENCE_MS }); // prettier-ignore
  });

  test('over a link that loses three in ten, all arrives', async () => {
    await teacher.evaluate(
      ([a, b]) =>
        window.netsplit!.teacher!.links([
          { from: a, to: b, loss: 0.3 },
          { from: b, to: a, loss: 0.3 },
        ] as never),
      ids,
    );
    for (let n = 0; n < 10; n++)
      for (const page of pages)
        await page.evaluate(() => {
          window.yjsApp!.write('x');
          window.repoApp!.add('more');
        });
    await agree('a text', texts, (text) => text.split('x').length === 21);
    await agree('items', items, (all) => all.length === 24);
    await heal();
  });

  test('a crash of the node parts the apps, and its next life brings them together', async () => {
    await students[1]!.call('crash');
    await pages[1].waitForFunction(() => window.yjsApp!.peers() === 0 && window.repoApp!.peers() === 0); // prettier-ignore
    await pages[1].evaluate(() => window.yjsApp!.write('while dead'));
    await pages[1].evaluate(() => window.netsplit!.restart());
    await agree('a text', texts, (text) => text.endsWith('while dead'));
    await peersAre('repoApp', 1);
    const errors = students.flatMap((student) => student.errors);
    expect(errors.filter((error) => !error.startsWith(TWO_COPIES))).toEqual([]);
  });
});
