import { NOTHING, add } from './tally.js';

/**
 * Runs steps, each shown with a line and its time as it ends.
 *
 * @param {import('./steps.js').Step[]} steps
 * @param {number} width how many at a time
 * @returns {Promise<import('./tally.js').Tally>}
 */
export async function runSteps(steps, width) {
  const waiting = [...steps];
  const lane = async () => {
    let tally = NOTHING;
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const outcome = await runStep(step);
      tally = add(tally, outcome);
    }
    return tally;
  };
  const tallies = await Promise.all(Array.from({ length: width }, lane));
  return tallies.reduce(add, NOTHING);
}

/** @param {import('./steps.js').Step} step */
async function runStep(step) {
  const startedAt = performance.now();
  const { tally, output } = await step.run();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${tally.failures.length === 0 ? '✓' : '✗'} ${step.name.padEnd(28)} ${seconds.padStart(6)} s`,
  );
  if (output !== '') console.log(output.replace(/^/gm, '    '));
  return tally;
}
