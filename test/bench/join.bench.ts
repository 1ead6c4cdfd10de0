import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildIfStale } from '../../signaling/launch/build.js';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';
import { newRoom } from './new-room.ts';
import { serveBaseline } from './built-page.ts';
import { compare, type Row } from './section.ts';

/** A class joins: our page beside a page that is simple-peer and socket.io and nothing else. */
export const name = 'join';

const RUNS = 5;
const TABS = 12;

/** Ten times what a slow machine needs; a mesh that is not whole by then never will be. */
const LIMIT_MS = 60_000;

/** How often each tab is asked; the same for both, and small beside what is measured. */
const ASKED_EVERY_MS = 20;

export async function run(): Promise<Row[]> {
  buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
  const bare = await serveBaseline('bare-page');
  const server = await startTestServer();
  try {
    const ours: number[] = [];
    const baseline: number[] = [];
    // The first of each fills the system's caches and is not counted.
    for (let i = 0; i <= RUNS; i++) {
      const bareMs = await measureJoin(`${bare.origin}/r/${i}`);
      const oursMs = await measureJoin(await newRoom(server.origin));
      if (i === 0) continue;
      baseline.push(bareMs);
      ours.push(oursMs);
    }
    const figure = `${TABS} tabs, from navigation to full mesh`;
    return [compare(figure, 'ms', { ours, baseline }, { atMost: 1.15 })];
  } finally {
    await server.stop();
    await bare.stop();
  }
}

/** A browser of its own, empty tabs in contexts of their own, then all at once. */
async function measureJoin(url: string): Promise<number> {
  const browser = await launchBrowser();
  try {
    const pages = await Promise.all(
      Array.from({ length: TABS }, async () => (await browser.newContext()).newPage()),
    );
    const startedAt = performance.now();
    await Promise.all(pages.map((page) => joinMesh(page, url)));
    return performance.now() - startedAt;
  } finally {
    await browser.close();
  }
}

async function joinMesh(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'commit' });
  const whole = page.waitForFunction(
    (count) => window.netsplit?.peers().filter(({ link }) => link === 'open').length === count,
    TABS - 1,
    { polling: ASKED_EVERY_MS, timeout: LIMIT_MS },
  );
  await whole.catch(async (error: unknown) => {
    const seen = await page.evaluate(() => JSON.stringify(window.netsplit?.peers()));
    throw new Error(`${url} has no full mesh; a tab sees ${seen}`, { cause: error });
  });
}
