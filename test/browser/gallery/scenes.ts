import type { Page } from 'playwright-core';

declare global {
  /** Leaves what is shown, and shows this state. */
  var showInGallery: (state: string) => void;
}

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

/** What is fetched when it is opened, moved to the top. */
async function seeThinking(page: Page): Promise<void> {
  await page.getByRole('heading', { name: /^How I watch/ }).waitFor();
  await page.locator('[aria-expanded="true"]').evaluate((line) => line.scrollIntoView());
}

const seeLab = (page: Page) =>
  page.getByRole('heading', { name: 'Merge lab' }).evaluate((h) => h.scrollIntoView());
const openLab = (page: Page) => page.keyboard.press('l');

const ACTED: readonly Scene[] = [
  { name: 'student/joined+mesh', state: 'student/joined', act: part('Mesh') },
  { name: 'student/joined+say', state: 'student/joined', act: part('Say') },
  { name: 'student/electing+mesh', state: 'student/electing', act: part('Mesh') },
  { name: 'student/elected+mesh', state: 'student/elected', act: part('Mesh') },
  { name: 'student/alone+mesh', state: 'student/alone', act: part('Mesh') },
  { name: 'student/ladder+mesh', state: 'student/ladder', act: part('Mesh') },
  { name: 'student/isolated+mesh', state: 'student/isolated', act: part('Mesh') },
  { name: 'student/many+mesh', state: 'student/many', act: part('Mesh') },
  { name: 'student/sixty+mesh', state: 'student/sixty', act: part('Mesh') },
  { name: 'student/joined+clocks', state: 'student/joined', act: unfoldClocks },
  { name: 'student/sixty+clocks', state: 'student/sixty', act: unfoldClocks },
  { name: 'student/partial+mesh', state: 'student/partial', act: part('Mesh') },
  ...['thinking', 'thinking-suspect', 'thinking-dead', 'thinking-unwatched'].map((state) => ({
    name: `student/${state}+seen`,
    state: `student/${state}`,
    act: seeThinking,
  })),
  {
    name: 'student/thinking+table',
    state: 'student/thinking',
    act: async (page) => {
      await seeThinking(page);
      await page.getByRole('button', { name: 'As a table' }).click();
    },
  },
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
  ...['six', 'two-leaders', 'same-term'].map((state) => ({
    name: `teacher/${state}+elections`,
    state: `teacher/${state}`,
    act: async (page: Page) => {
      await page.keyboard.press('e');
      await page.getByRole('heading', { name: 'Elections' }).evaluate((h) => h.scrollIntoView());
    },
  })),
  { name: 'news/mended+table', state: 'news/mended', act: press('As a table') },
  ...['lab-split', 'lab-healed', 'six'].map((state) => ({
    name: `teacher/${state}+lab`,
    state: `teacher/${state}`,
    act: seeLab,
  })),
  {
    name: 'teacher/lab-healed+playing',
    state: 'teacher/lab-healed',
    act: async (page) => {
      await seeLab(page);
      await press('Split and edit again')(page);
      await page.locator('[aria-current=step]', { hasText: 'All have the same board' }).waitFor();
    },
  },
  { name: 'teacher/partitioned+news', state: 'teacher/partitioned', act: press('News') },
  { name: 'spacetime/split+table', state: 'spacetime/split', act: press('Table') },
  { name: 'spacetime/split+protocols', state: 'spacetime/split', act: press('All protocols') },
  { name: 'spacetime/selected+clocks', state: 'spacetime/selected', act: press('Clocks') },
  { name: 'spacetime/quiet+unfolded', state: 'spacetime/quiet', act: press('Unfold quiet') },
];

/** Where a node's disc is, in the page. */
export async function middleOf(page: Page, name: string): Promise<{ x: number; y: number }> {
  const disc = page.getByRole('button', { name: new RegExp(`^${name}: `) }).locator('.ring');
  const box = (await disc.first().boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** A stroke through the picture, as a hand would draw it; the pointer stays down. */
export async function draw(page: Page, points: readonly { x: number; y: number }[]): Promise<void> {
  const [first, ...rest] = points;
  await page.mouse.move(first!.x, first!.y);
  await page.mouse.down();
  for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 8 });
}

async function clickLink(page: Page, from: string, to: string): Promise<void> {
  const [a, b] = [await middleOf(page, from), await middleOf(page, to)];
  // A third of the way, where a full mesh crosses itself least.
  await page.mouse.click(a.x + (b.x - a.x) * 0.35, a.y + (b.y - a.y) * 0.35);
}

const NETWORK: readonly Scene[] = [
  {
    name: 'teacher/partitioned+wall',
    state: 'teacher/partitioned',
    act: async (page) => {
      await page.keyboard.press('w');
      const [a, b] = [await middleOf(page, 'Mole'), await middleOf(page, 'Otter')];
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      const aside = { x: (b.y - a.y) * 0.2, y: (a.x - b.x) * 0.2 };
      await draw(page, [
        { x: middle.x - aside.x, y: middle.y - aside.y },
        { x: middle.x + 12, y: middle.y },
        { x: middle.x + aside.x, y: middle.y + aside.y },
      ]);
    },
  },
  {
    name: 'teacher/six+sides',
    state: 'teacher/six',
    act: async (page) => {
      await page.keyboard.press('w');
      for (const name of ['Ibex', 'Otter']) {
        await page.getByRole('button', { name: new RegExp(`^${name}: `) }).focus();
        await page.keyboard.press('Space');
      }
    },
  },
  {
    name: 'teacher/partitioned+link',
    state: 'teacher/partitioned',
    act: (page) => clickLink(page, 'Heron', 'Tern'),
  },
  {
    name: 'teacher/every-rule+refused',
    state: 'teacher/every-rule',
    act: async (page) => {
      await clickLink(page, 'Heron', 'Ibex');
      await page.getByLabel('Loss', { exact: true }).fill('20');
      await page.getByLabel('Loss', { exact: true }).press('Tab');
      await page.getByText('Nothing was changed').first().waitFor();
    },
  },
  {
    name: 'teacher/partitioned+node',
    state: 'teacher/partitioned',
    act: (page) => page.getByRole('button', { name: /^Heron: / }).press('Enter'),
  },
  {
    name: 'teacher/every-rule+table',
    state: 'teacher/every-rule',
    act: async (page) => {
      await page.keyboard.press('t');
      await page.getByRole('gridcell', { name: /^Heron to Ibex/ }).click();
    },
  },
  {
    name: 'teacher/partitioned+row',
    state: 'teacher/partitioned',
    act: async (page) => {
      await page.keyboard.press('t');
      await page.getByTitle('Heron → everyone').click();
    },
  },
  {
    name: 'teacher/several-rules+table',
    state: 'teacher/several-rules',
    act: (page) => page.keyboard.press('t'),
  },
  ...['six', 'beliefs', 'beliefs-agreed', 'beliefs-split', 'beliefs-many', 'beliefs-sixty'].map(
    (state) => ({
      name: `teacher/${state}+matrix`,
      state: `teacher/${state}`,
      act: (page: Page) => page.keyboard.press('b'),
    }),
  ),
  {
    name: 'teacher/partial+table',
    state: 'teacher/partial',
    act: (page) => page.keyboard.press('t'),
  },
  {
    name: 'teacher/partial+protocols',
    state: 'teacher/partial',
    act: async (page) => {
      await page.keyboard.press('p');
      await page.getByRole('heading', { name: 'Protocols' }).evaluate((h) => h.scrollIntoView());
    },
  },
  {
    name: 'teacher/rumours+protocols',
    state: 'teacher/rumours',
    act: async (page) => {
      await page.keyboard.press('p');
      await page.getByRole('heading', { name: /news spread/ }).evaluate((h) => h.scrollIntoView());
    },
  },
  {
    name: 'teacher/rumours+refused',
    state: 'teacher/rumours',
    act: async (page) => {
      await page.keyboard.press('p');
      await page.getByLabel('Worth telling', { exact: true }).fill('400');
      await page.getByLabel('Worth telling', { exact: true }).press('Tab');
      await page.getByText('rumourRounds must be').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'teacher/partitioned+presets',
    state: 'teacher/partitioned',
    act: (page) => page.keyboard.press('r'),
  },
];

const LAB: readonly Scene[] = [
  {
    name: 'lab/healed+costs',
    state: 'lab/healed',
    act: async (page) => {
      await openLab(page);
      await press('Costs')(page);
      await page.getByRole('heading', { name: /^What each engine costs/ }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'lab/healed+selected',
    state: 'lab/healed',
    act: async (page) => {
      await openLab(page);
      await page.locator('del').first().click();
      await page.locator('ol [aria-pressed="true"]').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'lab/begun+refused',
    state: 'lab/begun',
    act: async (page) => {
      await openLab(page);
      await page.getByLabel('Field', { exact: true }).fill('captain');
      await page.getByLabel('a name, a colour …').fill('Noor');
      await press('Write')(page);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'lab/begun+value',
    state: 'lab/begun',
    act: async (page) => {
      await openLab(page);
      await page.getByRole('button', { name: 'Ida: change captain' }).first().click();
      await page.keyboard.type('Noor');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'lab/begun+text',
    state: 'lab/begun',
    act: async (page) => {
      await openLab(page);
      await page
        .getByRole('button', { name: /^Type into report/ })
        .nth(2)
        .click();
      await page.keyboard.type('and we won');
      await page.getByRole('alert').waitFor();
    },
  },
];

/** The lab is a part of the student's page, which begins with others. */
function plainScene(state: string): Scene {
  return state.startsWith('lab/') ? { name: state, state, act: openLab } : { name: state, state };
}

/** Every state of the gallery, and those that are reached by acting. */
export async function listScenes(page: Page, url: string): Promise<readonly Scene[]> {
  await page.goto(url);
  const states = await page.locator('[data-states]').getAttribute('data-states');
  const plain = JSON.parse(states ?? '[]') as string[];
  return [...plain.map(plainScene), ...ACTED, ...NETWORK, ...LAB];
}

/** Opens a scene in a page that has the gallery open, and waits until it stands still. */
export async function openScene(page: Page, scene: Scene): Promise<void> {
  await page.evaluate((state) => globalThis.showInGallery(state), scene.state);
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
