import { NAMING_HELPER } from '../support/naming-helper.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { countChannelMessages, type Arrival } from './writing-tab.ts';

/** What one tab wrote or was told, by the entry's key. */
type Times = ReadonlyMap<string, number>;

export interface Measured {
  /** From each write to its arrival in the last of the other tabs. */
  readonly latenciesMs: readonly number[];
  /** From the first write to the last arrival. */
  readonly wholeMs: number;
  readonly cost: Cost;
}

/** What it took of the machine and of the network. */
export interface Cost {
  readonly lastedMs: number;
  /** Of all processes of the browser. */
  readonly cpuSeconds: number;
  /** Messages of what carries entries, and all others. */
  readonly news: number;
  readonly rest: number;
}

/** About a line of a chat. */
const VALUE = 'x'.repeat(40);

/** Ten times what a slow machine needs. */
const MESH_LIMIT_MS = 60_000;

/** An entry that has not come by then will not come. */
const ARRIVAL_LIMIT_MS = 120_000;

/** Seldom enough to cost nothing: arrivals are noted as they come, and only counted this often. */
const COUNTED_EVERY_MS = 200;

/** The last copies, which nobody waits for, are still under way when all have all. */
const SETTLE_MS = 1_000;

/** All tabs have been told by then when they are to begin. */
const LEAD_MS = 500;

/** Tabs in contexts of their own, in one browser of their own, that write entries to each other. */
export class WritingClass {
  readonly #browser: Browser;
  readonly #pages: readonly Page[];
  #written = 0;

  private constructor(browser: Browser, pages: readonly Page[]) {
    this.#browser = browser;
    this.#pages = pages;
  }

  /** One after the other, so that no two call each other at once. @param prepare runs before the page's own code */
  static async open(
    size: number,
    url: string,
    prepare: readonly (() => void)[] = [],
  ): Promise<WritingClass> {
    const browser = await launchBrowser();
    const pages: Page[] = [];
    for (let i = 0; i < size; i++) {
      const page = await (await browser.newContext()).newPage();
      for (const script of [NAMING_HELPER, countChannelMessages, ...prepare])
        await page.addInitScript(script);
      await page.goto(url);
      pages.push(page);
      await Promise.all(pages.map((each) => hasLinks(each, i))).catch(async (error: unknown) => {
        const seen = await Promise.all(pages.map((each) => each.evaluate(linksOf)));
        throw new Error(`${url} has no full mesh; links of each tab: ${seen}`, { cause: error });
      });
    }
    return new WritingClass(browser, pages);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Nobody writes. */
  async rest(forMs: number): Promise<Cost> {
    return (await this.#costOf(() => delay(forMs))).cost;
  }

  /** Tabs write in turn. */
  write(count: number, everyMs: number): Promise<Measured> {
    const tabs = this.#pages.length;
    return this.#measure((tab) =>
      Array.from({ length: count }, (_, i) => i)
        .filter((i) => i % tabs === tab)
        .map((i) => i * everyMs),
    );
  }

  /** All tabs write as fast as they can, all at once. */
  burst(count: number): Promise<Measured> {
    const tabs = this.#pages.length;
    return this.#measure((tab) =>
      Array<number>(Math.floor(count / tabs) + (tab < count % tabs ? 1 : 0)).fill(0),
    );
  }

  /** @param plan when a tab writes, in milliseconds from the beginning */
  async #measure(plan: (tab: number) => readonly number[]): Promise<Measured> {
    const round = ++this.#written;
    const plans = this.#pages.map((_, tab) => plan(tab));
    const count = plans.reduce((sum, { length }) => sum + length, 0);
    const { cost, result } = await this.#costOf(async () => {
      const startAt = Date.now() + LEAD_MS;
      const written = await Promise.all(
        this.#pages.map((page, tab) =>
          page.evaluate(writeEntries, {
            startAt,
            value: VALUE,
            entries: plans[tab]!.map((at, i) => ({ at, key: `${round}.${tab}.${i}` })),
          }),
        ),
      );
      const limits = { prefix: `${round}.`, count, everyMs: COUNTED_EVERY_MS };
      const arrived = await Promise.all(
        this.#pages.map((page) =>
          withLimit(page.evaluate(awaitArrivals, limits), () => page.evaluate(countOf, limits)),
        ),
      );
      await delay(SETTLE_MS);
      return { written: written.map(timesOf), arrived: arrived.map(timesOf) };
    });
    return { ...judge(result.written, result.arrived), cost };
  }

  async #costOf<Result>(act: () => Promise<Result>): Promise<{ result: Result; cost: Cost }> {
    const before = await this.#spent();
    const startedAt = performance.now();
    const result = await act();
    const lastedMs = performance.now() - startedAt;
    const after = await this.#spent();
    const news = after.news - before.news;
    const cost = {
      lastedMs,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      news,
      rest: after.all - before.all - news,
    };
    return { result, cost };
  }

  async #spent(): Promise<{ cpuSeconds: number; news: number; all: number }> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const sent = await Promise.all(this.#pages.map((page) => page.evaluate(messagesSent)));
    return {
      cpuSeconds: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
      news: sent.reduce((sum, { news }) => sum + news, 0),
      all: sent.reduce((sum, { all }) => sum + all, 0),
    };
  }
}

function judge(written: readonly Times[], arrived: readonly Times[]) {
  const latenciesMs: number[] = [];
  for (const [tab, entries] of written.entries())
    for (const [key, at] of entries) {
      const others = arrived.filter((_, other) => other !== tab);
      latenciesMs.push(Math.max(...others.map((times) => times.get(key)!)) - at);
    }
  const firstAt = Math.min(...written.flatMap((entries) => [...entries.values()]));
  const lastAt = Math.max(...arrived.flatMap((entries) => [...entries.values()]));
  return { latenciesMs, wholeMs: lastAt - firstAt };
}

function timesOf(arrivals: readonly Arrival[]): Times {
  const times = new Map(arrivals.map(({ key, at }) => [key, at]));
  if (times.size !== arrivals.length) throw new Error('an entry arrived twice in one tab');
  return times;
}

async function hasLinks(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => window.writingTab?.links() === wanted, count, {
    polling: COUNTED_EVERY_MS,
    timeout: MESH_LIMIT_MS,
  });
}

async function withLimit<Result>(
  result: Promise<Result>,
  arrivedSoFar: () => Promise<number>,
): Promise<Result> {
  const ended = new AbortController();
  const late = delay(ARRIVAL_LIMIT_MS, undefined, { signal: ended.signal }).then(async () => {
    throw new Error(`after ${ARRIVAL_LIMIT_MS} ms a tab has ${await arrivedSoFar()} entries`);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    late.catch(() => undefined);
    ended.abort();
  }
}

interface Writing {
  readonly startAt: number;
  readonly value: string;
  readonly entries: readonly { readonly at: number; readonly key: string }[];
}

/** Runs in the page. */
async function writeEntries({ startAt, value, entries }: Writing): Promise<Arrival[]> {
  const written: Arrival[] = [];
  for (const { at, key } of entries) {
    const waitMs = startAt + at - (performance.timeOrigin + performance.now());
    if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    written.push({ key, at: window.writingTab!.write(key, value) });
  }
  return written;
}

interface Awaited {
  readonly prefix: string;
  readonly count: number;
  readonly everyMs: number;
}

/** Runs in the page. */
async function awaitArrivals({ prefix, count, everyMs }: Awaited): Promise<Arrival[]> {
  for (;;) {
    const found = window.writingTab!.arrivals().filter(({ key }) => key.startsWith(prefix));
    if (found.length >= count) return found;
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

/** Runs in the page. */
function countOf({ prefix }: Awaited): number {
  return window.writingTab!.arrivals().filter(({ key }) => key.startsWith(prefix)).length;
}

/** Runs in the page. */
function linksOf(): number | undefined {
  return window.writingTab?.links();
}

/** Runs in the page. */
function messagesSent(): { news: number; all: number } {
  const all = window.channelMessages!.reduce((sum, count) => sum + count, 0);
  return { news: window.writingTab!.newsSent(), all };
}
