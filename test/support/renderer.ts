import type { CDPSession, Page } from 'playwright-core';

/** Each look is a few milliseconds; other tabs' figures drift apart from this one's while it spins. */
const MAX_LOOKS = 100;
const SPIN_MS = 20;

/**
 * The process in which a page runs, so that a test can freeze or kill that tab and no other. A page
 * knows how much it has computed, and the browser knows that of each process: the page's own is always
 * among those that agree, and in the end it is the only one.
 */
export async function rendererOf(page: Page): Promise<Renderer> {
  const browser = await page.context().browser()!.newBrowserCDPSession();
  const tab = await page.context().newCDPSession(page);
  try {
    await tab.send('Performance.enable');
    for (let look = 0; look < MAX_LOOKS; look++) {
      const least = await computedSeconds(tab);
      const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
      const most = await computedSeconds(tab);
      const agreeing = processInfo.filter(
        ({ type, cpuTime }) => type === 'renderer' && cpuTime >= least && cpuTime <= most,
      );
      if (agreeing.length === 1) return new Renderer(agreeing[0]!.id);
      await page.evaluate(spin, SPIN_MS);
    }
    throw new Error('no process of the browser is known to be that page’s');
  } finally {
    await tab.detach();
    await browser.detach();
  }
}

export class Renderer {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  freeze(): void {
    process.kill(this.#pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.#pid, 'SIGCONT');
  }

  kill(): void {
    process.kill(this.#pid, 'SIGKILL');
  }
}

async function computedSeconds(tab: CDPSession): Promise<number> {
  const { metrics } = await tab.send('Performance.getMetrics');
  const found = metrics.find(({ name }) => name === 'ProcessTime');
  if (found === undefined) throw new Error('this browser does not tell what a page has computed');
  return found.value;
}

/** Runs in the page. */
function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
