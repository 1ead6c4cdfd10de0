import type { Browser, Page } from 'playwright-core';
import { median } from './section.ts';

/** Chromium's own record of what the main thread of a page did. */
export interface MainThread {
  /** Processor time of its tasks, as a share of one core. */
  readonly share: number;
  /** The longest task, by processor time: on a machine that is shared, tasks also wait for their turn. */
  readonly longestMs: number;
  readonly medianMs: number;
}

interface TraceRecord {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Wall and thread time in microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
}

const MARK = 'netsplit-bench-mark';

const CATEGORIES = [
  'toplevel',
  'blink.user_timing',
  'disabled-by-default-devtools.timeline',
  'devtools.timeline',
];

/** Only one page of a browser may be traced at a time. */
export async function mainThreadOf(
  browser: Browser,
  page: Page,
  forMs: number,
): Promise<MainThread> {
  await browser.startTracing(page, { categories: CATEGORIES });
  const startedAt = performance.now();
  await page.evaluate((mark) => void performance.mark(mark), MARK);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const lastedMs = performance.now() - startedAt;
  const text = (await browser.stopTracing()).toString('utf8');
  const { traceEvents } = JSON.parse(text) as { traceEvents: TraceRecord[] };
  const mark = traceEvents.find(({ name }) => name === MARK);
  if (mark === undefined) throw new Error('the trace does not show the page');
  const tasks = traceEvents
    .filter(
      ({ name, ph, pid, tid }) =>
        name.endsWith('RunTask') && ph === 'X' && pid === mark.pid && tid === mark.tid,
    )
    .map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1_000);
  if (tasks.length === 0) throw new Error('the trace shows no tasks');
  return {
    share: tasks.reduce((sum, ms) => sum + ms, 0) / lastedMs,
    longestMs: Math.max(...tasks),
    medianMs: median(tasks),
  };
}
