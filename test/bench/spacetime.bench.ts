import { join } from 'node:path';
import { launchBrowser } from '../support/browser.ts';
import { servePage } from '../support/served-page.ts';
import { compare, median, type Row } from './section.ts';
import type { DrawTimes } from './spacetime-page/main.ts';

/** The space-time diagram at its densest, scrolled: a draw beside bare strokes of the same lines. */
export const name = 'spacetime';

const RUNS = 5;
/** Whoever only strokes lines finds nothing out: neither what is in the window, nor which lines those are. */
const AT_MOST = { atMost: 2.5 };
/** Three seconds of scrolling. */
const FRAMES = 180;

export async function run(): Promise<Row[]> {
  const page = await servePage(join(import.meta.dirname, 'spacetime-page', 'vite.config.ts'));
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await tab.goto(page.url);
    await tab.waitForFunction(() => 'scrollSpaceTime' in globalThis);
    const runs: DrawTimes[] = [];
    // The first lets the compilers see what runs, and is not counted.
    for (let i = 0; i <= RUNS; i++) {
      const times = await tab.evaluate((frames) => globalThis.scrollSpaceTime(frames), FRAMES);
      if (i > 0) runs.push(times);
    }
    const { events, messages, drawn } = runs[0]!;
    const of = `${events} events, ${drawn} of ${messages} messages`;
    const both = (figure: (times: readonly number[]) => number) => ({
      ours: runs.map(({ ours }) => figure(ours)),
      baseline: runs.map(({ baseline }) => figure(baseline)),
    });
    return [
      compare(`a draw: ${of}`, 'ms', both(median), AT_MOST),
      compare('the slowest draw of three seconds', 'ms', both(worst), null),
    ];
  } finally {
    await browser.close();
    await page.close();
  }
}

function worst(times: readonly number[]): number {
  return Math.max(...times);
}
