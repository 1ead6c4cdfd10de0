import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_KEPT_DISKS } from '../../client/platform/disk/tidy-shelf.ts';
import { launchBrowser } from '../support/browser.ts';
import { Classroom, fullMesh, Student } from '../support/classroom.ts';
import { testNodeId } from '../support/node-ids.ts';
import { servePage, type ServedPage } from '../support/served-page.ts';

describe('a node whose browser keeps nothing', () => {
  let classroom: Classroom;
  let witness: Student;

  beforeAll(async () => {
    classroom = await Classroom.open();
    [witness] = (await classroom.join(1)) as [Student];
  });
  afterAll(() => classroom?.close());

  test('that forbids storage: it is in the mesh all the same, and its page says what follows', async () => {
    const student = await enterWith((context) =>
      context.addInitScript(() =>
        Object.defineProperty(window, 'indexedDB', {
          get() {
            throw new DOMException('The operation is insecure.', 'SecurityError');
          },
        }),
      ),
    );
    await student.is('joined');
    await fullMesh([witness, student]);
    expect(await student.call('disk')).toEqual({ state: 'none', trouble: 'refused' });
    await student.page.getByText('This browser stores nothing for this page').waitFor();
    const sent = await student.call('broadcast', 'heard');
    await witness.hasDelivered(sent.id);
    await student.page.context().close();
  });

  test('that never opens its storage: the node waits no longer than it must', async () => {
    const student = await enterWith((context) =>
      context.addInitScript(() => {
        IDBFactory.prototype.open = () =>
          Object.create(IDBOpenDBRequest.prototype, {
            addEventListener: { value: () => {} },
          }) as IDBOpenDBRequest;
      }),
    );
    await student.is('joined');
    expect(await student.call('disk')).toEqual({ state: 'none', trouble: 'blocked' });
    await student.page.context().close();
  });

  test('that has no room left: the node dies with its disk, and lives on without', async () => {
    const { origin } = classroom.server;
    const student = await enterWith(async (_context, page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    });
    await student.page.waitForFunction(() => window.netsplit!.disk().state === 'none');
    await student.is('joined');
    await fullMesh([witness, student]);

    expect(await student.call('disk')).toEqual({ state: 'none', trouble: 'full' });
    const lives = (await student.call('trace')).filter(({ type }) =>
      ['start', 'crash'].includes(type),
    );
    expect(lives.map(({ type, incarnation }) => [type, incarnation])).toEqual([
      ['start', 1],
      ['crash', 1],
      ['start', 2],
    ]);
    expect((await student.call('self')).incarnation).toBe(2);
    await student.page.getByText('This browser has no room left').waitFor();
    const sent = await student.call('broadcast', 'heard again');
    await witness.hasDelivered(sent.id);
    await student.page.context().close();
  });

  async function enterWith(prepare: (context: BrowserContext, page: Page) => Promise<unknown>) {
    const context = await classroom.browser.newContext();
    const page = await context.newPage();
    await prepare(context, page);
    const student = new Student(page);
    await page.goto(classroom.server.joinUrl);
    return student;
  }
});

describe('the disks of a browser', () => {
  let served: ServedPage;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    served = await servePage(fileURLToPath(new URL('./pages/vite.config.ts', import.meta.url)));
    browser = await launchBrowser();
    context = await browser.newContext();
    page = await openPage();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  test('batches are durable in their order, and keys come back as they were first put', async () => {
    const batches: [string, number | null][][] = [
      [
        ['z', 1],
        ['a', 2],
      ],
      [['m', 3]],
      [
        ['z', 4],
        ['a', null],
      ],
      [['a', 5]],
    ];
    const { order, found } = await page.evaluate(([id, given]) => window.shelf!.write(id, given), [
      testNodeId(900),
      batches,
    ] as const);
    expect(order).toEqual([0, 1, 2, 3]);
    expect(found).toEqual([
      ['z', 4],
      ['m', 3],
      ['a', 5],
    ]);
  });

  test('of nodes that are gone the last used are kept, and of those that live all', async () => {
    const living = await openPage();
    const held = await living.evaluate(() => window.shelf!.hold());
    const others = Array.from({ length: MAX_KEPT_DISKS + 3 }, (_, i) => testNodeId(i));
    for (const id of others) await page.evaluate((each) => window.shelf!.leave(each), id);
    await page.evaluate(() => window.shelf!.tidy());

    const names = await page.evaluate(
      (ids) => ids.map((id) => window.shelf!.nameOf(id)).sort(),
      [held, ...others.slice(-MAX_KEPT_DISKS)],
    );
    const kept = await page.evaluate(() => window.shelf!.kept());
    expect(kept).toEqual(names);
    // The living one is no guest on the shelf: its own next tidying finds it there.
    expect(await page.evaluate(() => localStorage.length)).toBe(names.length);
  });

  async function openPage(): Promise<Page> {
    const opened = await context.newPage();
    await opened.goto(`${served.url}disk-shelf.html`);
    await opened.waitForFunction(() => window.shelf !== undefined);
    return opened;
  }
});
