import type { Page } from 'playwright-core';

/** What is done to a page before it is looked at: some states are reached only by acting. */
export interface Scene {
  readonly name: string;
  /** The state in the gallery, as its address has it. */
  readonly state: string;
  readonly act?: (page: Page) => Promise<void>;
}

/** The sizes at which a page must look right: a phone, a laptop, a projector. */
export const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
] as const;

export const THEMES = ['light', 'dark'] as const;

const part = (label: string) => (page: Page) =>
  page.viewportSize()!.width < 900
    ? page.getByRole('button', { name: label, exact: true }).click()
    : Promise.resolve();

const press = (label: string) => (page: Page) =>
  page.getByRole('button', { name: label, exact: true }).click();

const unfoldClocks = (page: Page) => page.getByText('Other clocks against mine').click();

const ACTED: readonly Scene[] = [
  { name: 'student/joined+mesh', state: 'student/joined', act: part('Mesh') },
  { name: 'student/joined+say', state: 'student/joined', act: part('Say') },
  { name: 'student/alone+mesh', state: 'student/alone', act: part('Mesh') },
  { name: 'student/ladder+mesh', state: 'student/ladder', act: part('Mesh') },
  { name: 'student/isolated+mesh', state: 'student/isolated', act: part('Mesh') },
  { name: 'student/many+mesh', state: 'student/many', act: part('Mesh') },
  { name: 'student/sixty+mesh', state: 'student/sixty', act: part('Mesh') },
  { name: 'student/joined+clocks', state: 'student/joined', act: unfoldClocks },
  { name: 'student/sixty+clocks', state: 'student/sixty', act: unfoldClocks },
  { name: 'student/crashed+mesh', state: 'student/crashed', act: part('Mesh') },
  { name: 'student/crashed+say', state: 'student/crashed', act: part('Say') },
  { name: 'student/help', state: 'student/joined', act: (page) => page.keyboard.press('?') },
  {
    name: 'student/renaming',
    state: 'student/joined',
    act: (page) => page.getByRole('button', { name: /change my name/ }).click(),
  },
  { name: 'teacher/qr', state: 'teacher/six', act: (page) => page.keyboard.press('q') },
  { name: 'teacher/help', state: 'teacher/six', act: (page) => page.keyboard.press('?') },
  { name: 'teacher/six+table', state: 'teacher/six', act: (page) => page.keyboard.press('t') },
  { name: 'teacher/many+table', state: 'teacher/many', act: (page) => page.keyboard.press('t') },
  { name: 'teacher/sixty+table', state: 'teacher/sixty', act: (page) => page.keyboard.press('t') },
  {
    name: 'teacher/troubled+selected',
    state: 'teacher/troubled',
    act: async (page) => {
      await page
        .locator('aside')
        .getByRole('button', { name: /^Heron/ })
        .click();
      await page.getByRole('button', { name: 'to Ibex' }).focus();
    },
  },
  {
    name: 'teacher/six+removing',
    state: 'teacher/six',
    act: async (page) => {
      await page
        .locator('aside')
        .getByRole('button', { name: /^Otter/ })
        .click();
      await page.getByRole('button', { name: 'Remove Otter' }).click();
    },
  },
  {
    name: 'teacher/six+resize-refused',
    state: 'teacher/six',
    act: async (page) => {
      await page.getByLabel('Room for').fill('20');
      await page.getByLabel('Room for').press('Tab');
      await page.getByText('Nothing was changed').waitFor();
    },
  },
  {
    name: 'charts/troubled+tables',
    state: 'charts/troubled',
    act: async (page) => {
      const tables = page.getByRole('button', { name: 'As a table' });
      while ((await tables.count()) > 0) await tables.first().click();
    },
  },
  { name: 'spacetime/split+table', state: 'spacetime/split', act: press('Table') },
  { name: 'spacetime/split+protocols', state: 'spacetime/split', act: press('All protocols') },
  { name: 'spacetime/selected+clocks', state: 'spacetime/selected', act: press('Clocks') },
  { name: 'spacetime/quiet+unfolded', state: 'spacetime/quiet', act: press('Unfold quiet') },
];

/** Every state of the gallery, and those that are reached by acting. */
export async function listScenes(page: Page, url: string): Promise<readonly Scene[]> {
  await page.goto(url);
  const states = await page.locator('[data-states]').getAttribute('data-states');
  const plain = JSON.parse(states ?? '[]') as string[];
  return [...plain.map((state) => ({ name: state, state })), ...ACTED];
}

/** Opens a scene in a page of its own size and theme, and waits until it stands still. */
export async function openScene(page: Page, url: string, scene: Scene): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url}#${scene.state}`);
  await page.locator('main').first().waitFor({ timeout: 20_000 });
  await scene.act?.(page);
  // The library that draws charts comes when the first one is opened.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.plot')].every((plot) => plot.querySelector('.uplot')),
  );
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Sizes are measured in one frame and drawn in the next.
    for (let i = 0; i < 2; i++) await new Promise((done) => requestAnimationFrame(done));
  });
}
