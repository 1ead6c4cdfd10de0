import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { findFaults, listenForErrors } from './gallery/faults.ts';
import { listScenes, openScene, SIZES, THEMES } from './gallery/scenes.ts';
import type { ServedPage } from '../support/served-page.ts';
import { serveGallery } from './gallery/serve.ts';

/** A minute and a half of both cores; each step has a limit of its own, and others may be at work. */
const WALK_LIMIT_MS = 600_000;

/** Every state of every page, drawn from fixtures in a real browser under the real CSP. */
describe('the pages in every state', () => {
  let gallery: ServedPage;
  let browser: Browser;

  beforeAll(async () => {
    gallery = await serveGallery();
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await gallery?.close();
  });

  // Layout does not depend on the theme, so each size is walked through in one theme. Side by side:
  // each page waits for its own frames most of the time.
  for (const [i, size] of SIZES.entries())
    it.concurrent(
      `nothing is clipped, overlapping, unnamed, too small or logged as an error at ${size.width}×${size.height}`,
      async () => {
        const context = await browser.newContext({
          viewport: size,
          colorScheme: THEMES[i % THEMES.length]!,
        });
        const page = await context.newPage();
        const errors = listenForErrors(page);
        const found: string[] = [];
        const scenes = await listScenes(page, gallery.url);
        // Where things lie is measured, and nobody looks: pictures that nobody sees are not painted.
        await page.evaluate(() => (document.documentElement.style.opacity = '0'));
        for (const scene of scenes) {
          await openScene(page, scene);
          for (const fault of [...(await findFaults(page)), ...errors.take()])
            found.push(`${scene.name}: ${fault}`);
        }
        await context.close();
        expect(found).toEqual([]);
      },
      WALK_LIMIT_MS,
    );

  it('the chosen theme stays after a reload and is there before the first script of the page', async () => {
    const context = await browser.newContext({ colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(`${gallery.url}#lobby/start`);
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.getByLabel('Dark', { exact: true }).check();
    // Without its scripts' module, only the tiny blocking script has run.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    const scheme = await page.evaluate(() => document.documentElement.dataset['theme']);
    await context.close();
    expect(scheme).toBe('dark');
  });

  it('BELIEF-1 a node is asked how it thinks of one peer when its line is opened, by pointer or key', async () => {
    const context = await browser.newContext({ viewport: SIZES[1] });
    const page = await context.newPage();
    await page.goto(`${gallery.url}#student/thinking`);
    const line = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });
    const asked = (): Promise<number> =>
      page.evaluate(() => globalThis.galleryActions.filter((name) => name === 'lookInto').length);
    await page.getByRole('heading', { name: 'How I watch Otter' }).waitFor();
    const open = await page.locator('[aria-expanded="true"]').count();
    await line('Tern').press('Enter');
    await line('Otter').click();
    const after = await asked();
    await context.close();
    expect({ open, after }).toEqual({ open: 1, after: 2 });
  });

  it('keys of the teacher lead to the beliefs and the protocols, and what is chosen is sent at once', async () => {
    const context = await browser.newContext({ viewport: SIZES[1] });
    const page = await context.newPage();
    await page.goto(`${gallery.url}#teacher/beliefs`);
    await page.getByRole('toolbar', { name: 'Tools' }).waitFor();
    await page.keyboard.press('b');
    const summary = await page.getByText(/^Six of eight hold Otter for dead/).isVisible();
    const row = page.getByRole('row', { name: /^Heron/ });
    const cells = await row.getByRole('cell').allTextContents();
    await page.keyboard.press('b');
    const away = await page.getByRole('table', { name: 'Who believes whom dead' }).count();
    await page.keyboard.press('p');
    await page.getByRole('radio', { name: /^Phi accrual/ }).click();
    await page.getByRole('switch', { name: /^Hold news back/ }).press('Space');
    const chosen = await page.evaluate(() => globalThis.galleryNetwork);
    await context.close();
    expect({ summary, away }).toEqual({ summary: true, away: 0 });
    expect(cells.map((text) => text.trim())).toEqual([
      ...['alive', '', 'alive', 'alive', 'alive', 'alive', 'alive', 'alive', 'alive'],
    ]);
    expect(chosen).toEqual([
      ['choose', { detector: 'phi' }],
      ['choose', { causal: true }],
    ]);
  });

  it('what the ticker tells is shown in time: both notes, one selected and the other beside it', async () => {
    const context = await browser.newContext({ viewport: SIZES[1] });
    const page = await context.newPage();
    await page.goto(`${gallery.url}#teacher/same-term`);
    await page.getByText('Two leaders in term 4: Otter, Heron').waitFor();
    await page.getByRole('button', { name: 'Figures' }).click();
    await page.getByRole('button', { name: 'Show in time' }).click();
    const selected = page.getByRole('region', { name: 'The selected event' });
    await selected.waitFor();
    const [words, pair] = await Promise.all([
      selected.textContent(),
      page.getByRole('region', { name: 'Space and time' }).locator('header p').textContent(),
    ]);
    await context.close();
    expect(words).toContain('Otter');
    expect(pair).toMatch(/Otter .*Heron|Heron .*Otter/);
  });

  it('keys pull the plug, open and close help, and are left alone while one types', async () => {
    const context = await browser.newContext({ viewport: SIZES[1] });
    const page = await context.newPage();
    await page.goto(`${gallery.url}#student/joined`);
    const pulled = (): Promise<number> =>
      page.evaluate(() => globalThis.galleryActions.filter((name) => name === 'unplug').length);
    await page.getByRole('switch', { name: 'Plugged in' }).waitFor();
    await page.keyboard.press('p');
    await page.getByPlaceholder('Hello, everybody').fill('');
    await page.getByPlaceholder('Hello, everybody').press('p');
    const pulls = await pulled();
    await page.getByRole('heading', { name: 'My clocks' }).click();
    await page.keyboard.press('?');
    const helped = await page.getByRole('dialog', { name: 'Help' }).isVisible();
    await page.keyboard.press('Escape');
    const after = await page.getByRole('dialog').count();
    await context.close();
    expect({ pulls, helped, after }).toEqual({ pulls: 1, helped: true, after: 0 });
  });
});
