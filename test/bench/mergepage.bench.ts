import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { buildIfStale } from '../../signaling/launch/build.js';
import { Classroom } from '../support/classroom.ts';
import { mainThreadOf, type MainThread } from './main-thread.ts';
import { compare, type Row } from './section.ts';

/** The merge lab's page with a long text in all panes: what typing into one of them costs. */
export const name = 'mergepage';

const CHARACTERS = 2_000;

/** A text may be typed in parts of so many at most. */
const PART = 1_000;

/** A quick typist's. */
const KEY_EVERY_MS = 120;

const TYPED_FOR_MS = 12_000;

/** So that a page stays at 60 frames a second to the eye, no task may be longer. */
const LONGEST_TASK = { under: 50 };

const VIEWPORT = { width: 1_440, height: 900 };

const WORDS = 'The otter swam upstream all morning. ';

export async function run(): Promise<Row[]> {
  buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
  const text = WORDS.repeat(Math.ceil(CHARACTERS / WORDS.length)).slice(0, CHARACTERS);
  const classroom = await Classroom.open();
  try {
    const [student] = await classroom.join(1);
    const { page } = student!;
    await page.setViewportSize(VIEWPORT);
    const engines = await openLab(page, text);
    const ours = await typing(classroom.browser, page);
    if ((await shownLength(page)) <= CHARACTERS)
      throw new Error('nothing was typed into the board');
    const bare = await (await classroom.browser.newContext({ viewport: VIEWPORT })).newPage();
    await bare.setContent('<textarea rows="20" cols="30"></textarea>');
    await bare.locator('textarea').fill(text);
    const baseline = await typing(classroom.browser, bare);
    const both = (figure: (thread: MainThread) => number) => ({
      ours: [figure(ours)],
      baseline: [figure(baseline)],
    });
    const where = `${CHARACTERS} characters in ${engines} panes, against one textarea`;
    return [
      compare(`the longest task while typing: ${where}`, 'ms', both(({ longestMs }) => longestMs), LONGEST_TASK), // prettier-ignore
      compare(
        'main thread while typing',
        'share',
        both(({ share }) => share),
        null,
      ),
    ];
  } finally {
    await classroom.close();
  }
}

/** Into the pane of our own CRDTs. @returns how many panes there are */
async function openLab(page: Page, text: string): Promise<number> {
  await page.getByRole('button', { name: 'Labs' }).click();
  await page.getByText('Nothing on the board yet.').waitFor();
  await page.evaluate(
    ([whole, part]) => {
      for (let at = 0; at < whole.length; at += part)
        void window.netsplit!.board.type('report', at, whole.slice(at, at + part));
    },
    [text, PART] as const,
  );
  const pane = page.getByRole('article', { name: 'Our CRDTs', exact: true });
  await pane.getByRole('button', { name: 'Type into report' }).click();
  await page.locator('textarea').waitFor();
  return page.getByRole('article').count();
}

async function shownLength(page: Page): Promise<number> {
  const state = await page.evaluate(() => window.netsplit!.board.state('crdt'));
  return String(state['report']).length;
}

/** In the middle of the text, with the compilers warm. */
async function typing(browser: Browser, page: Page): Promise<MainThread> {
  await page.locator('textarea').focus();
  await page.keyboard.press('Home');
  await page.keyboard.type('and then ', { delay: KEY_EVERY_MS });
  const letters = 'it went home '.repeat(TYPED_FOR_MS / KEY_EVERY_MS / 10);
  let isTyping = true;
  const hands = (async () => {
    for (const letter of letters) {
      if (!isTyping) return;
      await page.keyboard.type(letter);
      await page.waitForTimeout(KEY_EVERY_MS);
    }
  })();
  const thread = await mainThreadOf(browser, page, TYPED_FOR_MS);
  isTyping = false;
  await hands;
  return thread;
}
