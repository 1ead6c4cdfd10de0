import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transportCompliance } from '../compliance/transport.ts';
import { startStun, type StunServer } from '../../signaling/stun-server.ts';
import { launchBrowser } from '../support/browser.ts';
import { servePage, type ServedPage } from '../support/served-page.ts';

describe('WebRTC in Chromium', () => {
  let stun: StunServer | null;
  let served: ServedPage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const config = new URL('../compliance/webrtc/vite.config.ts', import.meta.url);
    // Without a default route Chromium gathers no candidates at all unless a STUN server is asked.
    stun = await startStun({
      host: '127.0.0.1',
      port: 0,
      clock: () => performance.now(),
      count: () => undefined,
    });
    served = await servePage(fileURLToPath(config));
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(`${served.url}?stun=${stun!.port}`);
    await page.waitForFunction(() => window.runCase !== undefined);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await stun?.close();
  });

  describe.each([
    { name: 'bare', ruled: false },
    { name: 'under rules that keep the contract', ruled: true },
  ])('$name', ({ ruled }) => {
    test.each(transportCompliance)('$title', async ({ title }) => {
      const wrong = await page.evaluate(([name, under]) => window.runCase!(name, under), [
        title,
        ruled,
      ] as const);
      expect(wrong).toBeNull();
    });
  });
});
