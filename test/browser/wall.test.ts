import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import type { ServedPage } from '../support/served-page.ts';
import { draw, middleOf, openScene } from './gallery/scenes.ts';
import { serveGallery } from './gallery/serve.ts';

/** The teacher's hands on the mesh: what they do to the picture is what is asked of the network. */
describe('a class is split by hand', () => {
  let gallery: ServedPage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    gallery = await serveGallery();
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await gallery?.close();
  });

  const NAMES = ['Heron', 'Ibex', 'Tern', 'Otter', 'Lynx', 'Mole'];

  /** In a page of its own, which has asked for nothing yet. */
  async function openSix(): Promise<void> {
    await page.goto('about:blank');
    await page.goto(gallery.url);
    await openScene(page, { name: 'six', state: 'teacher/six' });
  }

  /** Names by place, from left to right. */
  async function fromLeft(): Promise<{ name: string; x: number; y: number }[]> {
    const places = await Promise.all(
      NAMES.map(async (name) => ({ name, ...(await middleOf(page, name)) })),
    );
    return places.sort((a, b) => a.x - b.x);
  }

  /** The sets that partition was called with, by name; each sorted, the left one first. */
  async function asked(left: readonly string[]): Promise<unknown> {
    await page.waitForFunction(() => globalThis.galleryNetwork.length > 0);
    const calls = await page.evaluate(() => {
      const name = (id: string): string =>
        document.querySelector(`[data-node="${id}"]`)!.getAttribute('aria-label')!.split(':')[0]!;
      return globalThis.galleryNetwork.map(([what, groups, style]) => ({
        what,
        style,
        groups: (groups as string[][]).map((group) => group.map(name).sort()),
      }));
    });
    return calls.map(({ groups, ...call }) => ({
      ...call,
      groups: groups.sort((a) => (a.includes(left[0]!) ? -1 : 1)),
    }));
  }

  const split = (style: string, left: readonly string[]) => [
    {
      what: 'partition',
      style,
      groups: [left.toSorted(), NAMES.filter((name) => !left.includes(name)).sort()],
    },
  ];

  it('MESH-5 a line drawn with the pointer asks for exactly the two sets on its sides', async () => {
    await openSix();
    const places = await fromLeft();
    const left = places.slice(0, 2);
    const x = (left[1]!.x + places[2]!.x) / 2;
    await page.keyboard.press('w');
    // The tool's own line of words moves the picture a little, and the nodes stand still again soon.
    await draw(page, [
      { x, y: 200 },
      { x: x + 6, y: 450 },
      { x: x - 4, y: 700 },
    ]);
    const preview = await page.getByRole('status').filter({ hasText: '|' }).textContent();
    await page.mouse.up();
    const names = left.map(({ name }) => name);
    expect(preview).toMatch(/^(2 \| 4|4 \| 2)$/);
    expect(await asked(names)).toEqual(split('cut', names));
  });

  it('MESH-5 a line around some nodes asks for inside and outside, in the style that is chosen', async () => {
    await openSix();
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'black hole' }).click();
    const { x, y } = await middleOf(page, 'Otter');
    await draw(page, [
      { x: x - 60, y: y - 50 },
      { x: x + 60, y: y - 50 },
      { x: x + 60, y: y + 50 },
      { x: x - 60, y: y + 50 },
    ]);
    await page.mouse.up();
    expect(await asked(['Otter'])).toEqual(split('blackhole', ['Otter']));
  });

  it('MESH-5 the keyboard asks for the same, with arrows, Space and Enter', async () => {
    await openSix();
    const left = (await fromLeft()).slice(0, 2).map(({ name }) => name);
    await page.keyboard.press('w');
    for (const name of left) {
      await page.getByRole('button', { name: new RegExp(`^${name}: `) }).focus();
      await page.keyboard.press('Space');
    }
    await page.keyboard.press('Enter');
    expect(await asked(left)).toEqual(split('cut', left));
  });

  it('Escape puts the tool away, and nothing is asked', async () => {
    await openSix();
    await page.keyboard.press('w');
    await page.getByRole('button', { name: /^Otter: / }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => globalThis.galleryNetwork)).toEqual([]);
    const select = page.getByRole('button', { name: 'Select', exact: true });
    expect(await select.getAttribute('aria-pressed')).toBe('true');
  });

  it('MESH-2 a node that is dragged stays where it was put, and is not selected by it', async () => {
    await openSix();
    const { x, y } = await middleOf(page, 'Otter');
    await draw(page, [
      { x, y },
      { x: 520, y: 430 },
    ]);
    await page.mouse.up();
    await page.waitForFunction(() => {
      const box = document.querySelector('[aria-label^="Otter: "] .ring')!.getBoundingClientRect();
      return Math.hypot(box.x + box.width / 2 - 520, box.y + box.height / 2 - 430) < 2;
    });
    const otter = page.getByRole('button', { name: /^Otter: / });
    expect(await otter.getAttribute('aria-pressed')).toBe('false');
  });
});
