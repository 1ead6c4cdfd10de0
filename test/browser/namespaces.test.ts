import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { fullMesh, Student } from '../support/classroom.ts';
import { Lan, whyNoLan } from '../support/lan.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const excuse = whyNoLan();
const title = 'two laptops on a LAN without default route and multicast';

describe.skipIf(excuse !== null)(excuse === null ? title : `${title} (skipped: ${excuse})`, () => {
  const lan = new Lan();
  let server: TestServer;
  let browsers: Browser[] = [];
  let students: Student[];

  beforeAll(async () => {
    await lan.open();
    const { address, within } = lan.addHost();
    server = await startTestServer({ host: address, within });
    const laptops = [lan.addHost(), lan.addHost()];
    browsers = await Promise.all(
      laptops.map(async (laptop) =>
        launchBrowser({ wrap: (executable) => lan.wrap(laptop.within, executable) }),
      ),
    );
    students = await Promise.all(
      browsers.map(async (browser) => new Student(await browser.newPage())),
    );
    await Promise.all(students.map(({ page }) => page.goto(server.joinUrl)));
    await fullMesh(students);
  });
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server?.stop();
    await lan.close();
  });

  test('connect by the addresses that the embedded STUN told them', async () => {
    for (const student of students) {
      await student.page.waitForFunction(() => window.netsplit!.peers()[0]!.path !== null);
      expect((await student.call('peers'))[0]).toMatchObject({ link: 'open', path: 'srflx' });
    }
    const metrics = await fetchWithin(browsers[0]!, `${server.origin}/metrics`);
    expect(metrics).toMatch(/stun\w*\{?[^\n]* [1-9]/);
  });

  test('hear each other', async () => {
    const sent = await students[0]!.call('broadcast', 'no internet needed');
    await Promise.all(students.map((student) => student.hasDelivered(sent.id)));
  });
});

const blockedTitle = 'a laptop whose network lets no UDP through';

describe.skipIf(excuse !== null)(
  excuse === null ? blockedTitle : `${blockedTitle} (skipped: ${excuse})`,
  () => {
    const lan = new Lan();
    let server: TestServer;
    let browsers: Browser[] = [];

    beforeAll(async () => {
      await lan.open();
      const { address, within } = lan.addHost();
      server = await startTestServer({ host: address, within });
      const laptops = [lan.addHost(), lan.addHost()];
      lan.blockUdp(laptops[1]!.within);
      browsers = await Promise.all(
        laptops.map(async (laptop) =>
          launchBrowser({ wrap: (executable) => lan.wrap(laptop.within, executable) }),
        ),
      );
    });
    afterAll(async () => {
      await Promise.all(browsers.map((browser) => browser.close()));
      await server?.stop();
      await lan.close();
    });

    test('is in the room, and both ends say why there is no link and what may help', async () => {
      const students = await Promise.all(
        browsers.map(async (browser) => new Student(await browser.newPage())),
      );
      await Promise.all(students.map(({ page }) => page.goto(server.joinUrl)));
      for (const { page } of students) {
        await page.getByText('no path leads there', { exact: false }).first().waitFor();
        await page.waitForFunction(() => window.netsplit!.self().state === 'isolated');
        expect(await page.evaluate(() => window.netsplit!.peers()[0]!.link)).not.toBe('open');
      }
    });
  },
);

/** This process is not on that LAN; a page there is. */
async function fetchWithin(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  const response = await page.goto(url);
  const text = await response!.text();
  await page.close();
  return text;
}
