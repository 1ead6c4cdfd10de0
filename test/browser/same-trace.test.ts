import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as automerge from '@automerge/automerge';
import { campaign, SIMULATIONS, WITH_AUTOMERGE } from '../../src/simulator/campaign.ts';
import { launchBrowser } from '../support/browser.ts';
import { sampleLatencies } from '../support/sample-latencies.ts';
import { servePage, type ServedPage } from '../support/served-page.ts';

const NODES = 5;
const SEEDS = 20;
const FEW_SEEDS = 3;
const DRAWS = 10_000;

/** A recording from a class is replayed at a desk, and a seed found at a desk is looked at in a tab. */
describe('the simulator in Chromium', () => {
  let served: ServedPage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    served = await servePage(fileURLToPath(new URL('./pages/vite.config.ts', import.meta.url)));
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(`${served.url}same-trace.html`);
    await page.waitForFunction(() => window.runSeeds !== undefined);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const all = [
    ...SIMULATIONS.map((simulation) => ({ simulation, seeds: SEEDS })),
    // Its WebAssembly is the same here and there, what binds it is not.
    { simulation: WITH_AUTOMERGE.from(automerge), seeds: FEW_SEEDS },
  ];
  for (const { simulation, seeds } of all)
    test(`${simulation.name}: the same seeds give the same trace hash as in Node`, async () => {
      const here = campaign({
        simulation,
        nodes: NODES,
        firstSeed: 1,
        seeds,
        onFailure: ({ seed, violations }) => {
          throw new Error(`seed ${seed}: ${violations[0]}`);
        },
      });
      const there = await page.evaluate(
        ([name, nodes, count]) => window.runSeeds!(name, nodes, count),
        [simulation.name, NODES, seeds] as const,
      );
      expect(there).toEqual(here);
    });

  test('SHAPER latencies of every shape are the same to the last bit', async () => {
    const there = await page.evaluate((count) => window.drawLatencies!(count), DRAWS);
    const here = sampleLatencies(DRAWS);
    for (const [shape, drawn] of Object.entries(here)) {
      const different = drawn.filter((value, i) => value !== there[shape]![i]);
      expect({ shape, different: different.length }).toEqual({ shape, different: 0 });
    }
  });
});
