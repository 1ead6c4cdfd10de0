import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { installMissing, LaunchError } from '../signaling/launch/install.js';
import { browserVersion, findOrFetchBrowser } from './support/find-browser.js';
import { kinds, readArguments } from './support/run-arguments.js';
import { checkSteps, suiteSteps } from './support/steps.js';
import { NOTHING, add, summaryLine } from './support/tally.js';

/**
 * `npm test`: installs what is missing, finds a browser, runs every check and every test, and ends
 * with one line of counts. Each static check counts as one test.
 *
 * Options for developers: `--only static|unit|simulation|browser`, or paths of tests.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {import('./support/steps.js').Step[]} steps
 * @param {number} width how many at a time
 */
async function runSteps(steps, width) {
  let tally = NOTHING;
  const waiting = [...steps];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      tally = add(tally, await runStep(step));
  };
  await Promise.all(Array.from({ length: width }, lane));
  return tally;
}

/** @param {import('./support/steps.js').Step} step */
async function runStep(step) {
  const startedAt = performance.now();
  const { tally, output } = await step.run();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${tally.failed === 0 ? '✓' : '✗'} ${step.name.padEnd(28)} ${seconds.padStart(6)} s`);
  if (output !== '') console.log(output.replace(/^/gm, '    '));
  return tally;
}

async function main() {
  installMissing(root, { tools: true });
  const asked = readArguments(process.argv.slice(2));
  const wants = kinds(asked);

  if (wants.has('browser')) {
    const browser = findOrFetchBrowser();
    console.log(`Browser: ${browserVersion(browser)} (${browser})`);
  }

  let tally = NOTHING;
  if (wants.has('static')) {
    const { independent, afterBuild } = checkSteps(root);
    tally = add(tally, await runSteps(independent, availableParallelism()));
    tally = add(tally, await runSteps(afterBuild, 1));
  }
  tally = add(tally, await runSteps(suiteSteps(root, wants, asked.paths), 1));

  for (const skip of tally.skipped) console.log(`skipped: ${skip}`);
  console.log(summaryLine(tally));
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  // Nothing could be run to its end; the last line still tells it to whoever reads only that.
  console.error(error instanceof LaunchError ? error.message : error);
  console.log(summaryLine({ passed: 0, failed: 1, skipped: [] }));
  process.exitCode = 1;
}
