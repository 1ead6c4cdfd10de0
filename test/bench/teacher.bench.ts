import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { Classroom, fullMesh, type Student } from '../support/classroom.ts';
import { obey, Teacher, toldOf } from '../support/teacher.ts';
import { until } from '../support/until.ts';
import { mainThreadOf } from './main-thread.ts';
import { compare, type Row } from './section.ts';

/** The teacher's page over a large class: what it costs to look, and how soon what it does is felt. */
export const name = 'teacher';

const CROWD = 24;

/** For what is done to it: two cores have to bear all tabs of a real class of this size. */
const CLASS = 8;

/** A flooded broadcast in a full mesh of 24 is 529 messages: the node's 23, and 22 of each receiver. */
const BROADCAST_EVERY_MS = 1_000;

const LOOKED_FOR_MS = 10_000;

const SPLITS = 5;

const VIEWPORT = { width: 1440, height: 900 };

const SCRUBBED_FOR_MS = 4_000;

/** A minute of a crowd is tens of thousands of events. */
const OPEN_LIMIT_MS = 60_000;

/** For a page without anything, to compare with. */
const SETTLE_MS = 3_000;

/** Two dozen tabs on two cores take about a minute. */
const MESH_LIMIT_MS = 180_000;

export async function run(): Promise<Row[]> {
  return [...(await withClass(CROWD, measureLooking)), ...(await withClass(CLASS, measureDoing))];
}

type Measure = (browser: Browser, teacher: Teacher, students: readonly Student[]) => Promise<Row[]>;

/** The teacher has a browser of its own, as its machine is one of its own. */
async function withClass(size: number, measure: Measure): Promise<Row[]> {
  const classroom = await Classroom.open();
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
    await page.goto(classroom.server.teachUrl);
    await page.getByLabel('Room for').fill(String(size));
    await page.getByLabel('Room for').press('Tab');
    const [first] = await classroom.join(1);
    await page.getByText(`1 of ${size}`).first().waitFor();
    const students = [first!, ...(await classroom.join(size - 1))];
    await until(() => fullMesh(students).then(() => true), {
      what: 'a full mesh',
      deadlineMs: MESH_LIMIT_MS,
    });
    const teacher = new Teacher(page);
    await teacher.watches(size);
    return await measure(browser, teacher, students);
  } finally {
    await browser.close();
    await classroom.close();
  }
}

async function measureLooking(
  browser: Browser,
  { page }: Teacher,
  students: readonly Student[],
): Promise<Row[]> {
  const other = await (await browser.newContext()).newPage();
  const empty = await mainThreadOf(browser, other, SETTLE_MS);
  await other.close();
  const before = await messagesSent(students);
  let speaker = 0;
  const talk = setInterval(() => {
    void students[speaker++ % students.length]!.call('broadcast', 'x'.repeat(40)).catch(() => {});
  }, BROADCAST_EVERY_MS);
  const startedAt = performance.now();
  const looked = await mainThreadOf(browser, page, LOOKED_FOR_MS);
  const seconds = (performance.now() - startedAt) / 1_000;
  clearInterval(talk);
  const rate = ((await messagesSent(students)) - before) / seconds;
  const replayed = await measureReplay(browser, page);
  const of = `teacher’s page, ${students.length} tabs, ${Math.round(rate)} messages/s`;
  return [
    compare(
      `${of}: main thread`,
      'share',
      { ours: [looked.share], baseline: [empty.share] },
      { under: 0.5 },
    ),
    compare(
      `${of}: longest task`,
      'ms',
      { ours: [looked.longestMs], baseline: [looked.medianMs] },
      { under: 100 },
    ),
    ...replayed,
  ];
}

/** What was recorded is exported, opened again, and scrubbed through from one end to the other. */
async function measureReplay(browser: Browser, page: Page): Promise<Row[]> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const path = await (await download).path();
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const parsedAt = performance.now();
  for (const line of lines) JSON.parse(line);
  const parsedMs = performance.now() - parsedAt;

  const replay = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
  await replay.goto(new URL('/replay', page.url()).href);
  const openedAt = performance.now();
  await replay.locator('input[type=file]').setInputFiles(path);
  await replay.getByLabel('The moment that is shown').waitFor({ timeout: OPEN_LIMIT_MS });
  const openedMs = performance.now() - openedAt;
  const scrubbed = mainThreadOf(browser, replay, SCRUBBED_FOR_MS);
  await replay.evaluate(scrub, SCRUBBED_FOR_MS);
  const { longestMs, medianMs } = await scrubbed;
  await replay.close();
  const of = `a recording of ${lines.length.toLocaleString('en')} lines`;
  return [
    compare(`${of}: opened`, 'ms', { ours: [openedMs], baseline: [parsedMs] }, null),
    compare(
      `${of}: longest task while it is scrubbed`,
      'ms',
      { ours: [longestMs], baseline: [medianMs] },
      null,
    ),
  ];
}

/** Runs in the page: drags the slider from the beginning to the end. */
async function scrub(forMs: number): Promise<void> {
  const slider = document.querySelector<HTMLInputElement>('input[type=range]')!;
  const [from, to] = [Number(slider.min), Number(slider.max)];
  const startedAt = performance.now();
  for (let share = 0; share < 1; share = (performance.now() - startedAt) / forMs) {
    slider.value = String(from + (to - from) * share);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(done));
  }
}

async function messagesSent(students: readonly Student[]): Promise<number> {
  const all = await Promise.all(students.map((student) => student.call('metrics')));
  return all
    .flatMap((metrics) => Object.values(metrics))
    .reduce((sum, { messagesSent }) => sum + messagesSent, 0);
}

/** From the call on the teacher's page until the last tab obeys; and from there until the mesh is whole. */
async function measureDoing(
  _browser: Browser,
  teacher: Teacher,
  students: readonly Student[],
): Promise<Row[]> {
  const ids = (await Promise.all(students.map((s) => s.call('self')))).map(({ id }) => id!);
  const felt: number[] = [];
  const healed: number[] = [];
  const broadcast: number[] = [];
  for (let i = 0; i < SPLITS; i++) {
    broadcast.push(await measureBroadcast(students));
    const groups = [
      ids.filter((_, at) => at % 3 !== i % 3),
      ids.filter((_, at) => at % 3 === i % 3),
    ];
    felt.push(
      await measureOrder(teacher, students, () =>
        teacher.order('partition', groups, { style: 'cut' }),
      ),
    );
    const healedAt = await teacher.page.evaluate(() => performance.timeOrigin + performance.now());
    felt.push(await measureOrder(teacher, students, () => teacher.order('heal')));
    const whole = await Promise.all(students.map((each) => each.hasOpenLinks(students.length - 1)));
    healed.push(Math.max(...whole) - healedAt);
  }
  return [
    compare(
      'from the click until every tab obeys',
      'ms',
      { ours: felt, baseline: broadcast },
      { under: 300 },
    ),
    compare(
      'from the click until the mesh is whole',
      'ms',
      { ours: healed, baseline: broadcast },
      { under: 3_000 },
    ),
  ];
}

/** From the click until the last tab obeys. */
async function measureOrder(
  { page }: Teacher,
  students: readonly Student[],
  order: () => Promise<{ version: number }>,
): Promise<number> {
  const clickedAt = await page.evaluate(() => performance.timeOrigin + performance.now());
  const { version } = await order();
  await obey(students, version);
  const told = await Promise.all(students.map((each) => toldOf(each, version)));
  return Math.max(...told.map(({ at }) => at)) - clickedAt;
}

/** What one message over the mesh takes to reach all, for comparison. */
async function measureBroadcast(students: readonly Student[]): Promise<number> {
  const { id, sentAt } = await students[0]!.call('broadcast', 'compare');
  await Promise.all(students.map((each) => each.hasDelivered(id)));
  const all = await Promise.all(students.map((each) => each.call('delivered')));
  return (
    Math.max(
      ...all
        .flat()
        .filter((each) => each.id === id)
        .map(({ receivedAt }) => receivedAt),
    ) - sentAt
  );
}
