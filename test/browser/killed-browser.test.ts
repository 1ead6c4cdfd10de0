import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStun, type StunServer } from '../../signaling/stun-server.ts';
import type { Incarnation } from '../../src/vocabulary.ts';
import type { Member } from '../../src/wire/signaling-messages.ts';
import { launchBrowser, launchPersistent } from '../support/browser.ts';
import { BrowserProcesses } from '../support/browser-processes.ts';
import { testNodeId } from '../support/node-ids.ts';
import { servePage, type ServedPage } from '../support/served-page.ts';

const STEPS = 1_000;
const KILLS = 5;

/** Later than this the thousandth step could be over before the browser is dead. */
const LATEST_KILL = 700;

const READER = 99;

/**
 * A node stores a number and then sends it, a thousand times, and its whole browser is killed in the
 * middle. Whatever another browser has received must be on the disk that the next life finds.
 */
describe('a browser that is killed while its node stores and sends', () => {
  const processes = new BrowserProcesses();
  let stun: StunServer;
  let served: ServedPage;
  let profile: string;
  let readersBrowser: Browser;
  let reader: Page;

  beforeAll(async () => {
    served = await servePage(fileURLToPath(new URL('./pages/vite.config.ts', import.meta.url)));
    stun = (await startStun({
      host: '127.0.0.1',
      port: 0,
      clock: () => performance.now(),
      count: () => undefined,
    }))!;
    profile = await mkdtemp(join(tmpdir(), 'netsplit-profile-'));
    readersBrowser = await launchBrowser();
  });
  afterAll(async () => {
    await readersBrowser?.close();
    await stun?.close();
    await served?.close();
    await rm(profile, { recursive: true, force: true });
  });

  /** Each with a number of its own, so with a disk of its own. */
  for (let writer = 1; writer <= KILLS; writer++)
    test(`STORE-1 kill ${writer} of ${KILLS}: nothing was received whose store is missing`, async () => {
      const killAt = 1 + Math.floor(Math.random() * LATEST_KILL);
      const doomed = await openBrowser();
      const page = await openKeeper(doomed, member(writer, 1));
      reader = await openKeeper(readersBrowser, member(READER, 1));
      await link(page, member(writer, 1), reader);

      const kill = processes.aim();
      const gone = new Promise((resolve) => doomed.once('close', resolve));
      const reached = reader.evaluate((count) => window.keeper!.reached(count), killAt);
      page.evaluate((count) => window.keeper!.run(count), STEPS).catch(() => 'killed');
      await reached;
      kill();
      await gone;

      const next = await openBrowser();
      const again = await openPage(next, member(writer, 2));
      const stored = await again.evaluate(() => window.keeper!.live());
      const restarts = await again.evaluate(() => window.keeper!.restarts());
      const received = await reader.evaluate(() => window.keeper!.received());
      await next.close();
      await reader.close();

      const told = `killed at ${killAt}: ${received.length} received, ${stored.length} stored`;
      expect(received.length, told).toBeGreaterThanOrEqual(killAt);
      expect(stored.length, `${told}: the kill came too late to tell anything`).toBeLessThan(STEPS);
      expect(
        received.filter((value) => !stored.includes(value)),
        told,
      ).toEqual([]);
      // Steps are durable in their order, so what is left has no holes.
      expect(stored, told).toEqual(stored.map((_, i) => i + 1));
      // Its numbers, and what the node keeps for its Lamport clock.
      expect(restarts, told).toEqual([stored.length + 1]);
    });

  function openBrowser(): Promise<BrowserContext> {
    return launchPersistent(profile, { args: [processes.mark] });
  }

  async function openPage(browser: Browser | BrowserContext, self: Member): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${served.url}store-then-send.html`);
    await page.waitForFunction(() => window.makeKeeper !== undefined);
    await page.evaluate(([who, port]) => window.makeKeeper!(who, port), [self, stun.port] as const);
    return page;
  }

  async function openKeeper(browser: Browser | BrowserContext, self: Member): Promise<Page> {
    const page = await openPage(browser, self);
    await page.evaluate(() => window.keeper!.live());
    return page;
  }

  /** The post office between two browsers is this test. */
  async function link(page: Page, self: Member, other: Page): Promise<void> {
    await carryTo(page, other);
    await carryTo(other, page);
    await page.evaluate((them) => window.keeper!.mesh.takeMember(them), member(READER, 1));
    await other.evaluate((them) => window.keeper!.mesh.takeMember(them), self);
    for (const each of [page, other])
      await each.waitForFunction(() => window.keeper!.mesh.neighbours().length === 1);
  }

  function carryTo(from: Page, to: Page): Promise<unknown> {
    return from.exposeFunction('carry', (...letter: Parameters<NonNullable<typeof window.carry>>) =>
      to.evaluate(
        ([sender, { nonce, signal }]) =>
          window.keeper!.mesh.takeSignal('server', sender, nonce, signal),
        letter,
      ),
    );
  }
});

function member(number: number, incarnation: Incarnation): Member {
  const id = testNodeId(number);
  return { id, name: id, role: 'node', incarnation, plugged: true, present: true };
}
