import { writeFileSync } from 'node:fs';
/** @import { Reporter, TestCase, TestModule } from 'vitest/node' */
/** @import { Tally } from './tally.js' */
import { NOTHING, PASSED, TALLY_FILE, add, failure } from './tally.js';

/**
 * Counts a run of Vitest for `npm test`. A test may be skipped only with a note that says what this
 * machine lacks; one that is skipped in silence counts as failed.
 *
 * @implements {Reporter}
 */
export default class TallyReporter {
  /** @param {ReadonlyArray<TestModule>} modules */
  onTestRunEnd(modules) {
    const file = process.env[TALLY_FILE];
    if (file === undefined) throw new Error(`${TALLY_FILE} names no file to write the tally to`);
    writeFileSync(file, JSON.stringify(tallyOf(modules)));
  }
}

/** @param {ReadonlyArray<TestModule>} modules */
function tallyOf(modules) {
  let tally = NOTHING;
  for (const module of modules) {
    const tests = [...module.children.allTests()];
    for (const test of tests) tally = add(tally, tallyOfTest(test));
    // A file that breaks before its first test has no test that could fail.
    if (module.state() === 'failed' && !tests.some(isFailed))
      tally = add(tally, failure(`${module.relativeModuleId}: broke outside of its tests`));
  }
  return tally;
}

/** @param {TestCase} test */
function isFailed(test) {
  return test.result().state === 'failed';
}

/**
 * @param {TestCase} test
 * @returns {Tally}
 */
function tallyOfTest(test) {
  const result = test.result();
  if (result.state === 'passed') return PASSED;
  const name = `${test.module.relativeModuleId} ${test.fullName}`;
  if (result.state !== 'skipped') return failure(`${name}: ${firstLine(result.errors?.[0])}`);
  if (result.note !== undefined)
    return { ...NOTHING, skipped: [`${test.fullName}: ${result.note}`] };
  return failure(`${name}: skipped without a reason`);
}

/** @param {{ message: string } | undefined} error */
function firstLine(error) {
  return error === undefined ? 'did not end' : (error.message.split('\n', 1)[0] ?? '');
}
