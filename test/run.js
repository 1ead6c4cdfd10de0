import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { installMissing, LaunchError } from '../signaling/launch/install.js';
import { browserVersion, findOrFetchBrowser } from './support/find-browser.js';
import { kinds, readArguments } from './support/run-arguments.js';
import { runSteps } from './support/run-steps.js';
import { checkSteps, suiteSteps } from './support/steps.js';
import { NOTHING, add, failure, lastLines } from './support/tally.js';

/**
 * `npm test`: installs what is missing, finds a browser, runs every check and every test, and ends
 * with what failed and one line of counts. Each static check counts as one test.
 *
 * Options for developers: `--only static|unit|simulation|browser`, `--mutant NAME` (a deliberate bug of
 * `test/mutants/`), or paths of tests.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

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
  tally = add(tally, await runSteps(suiteSteps(root, wants, asked), 1));

  console.log(lastLines(tally));
  process.exitCode = tally.failures.length === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  // Nothing could be run to its end; the last lines still tell it to whoever reads only those.
  console.error(error instanceof LaunchError ? error.message : error);
  console.log(lastLines(failure(error instanceof Error ? error.message : String(error))));
  process.exitCode = 1;
}
