import { describe, expect, test, vi } from 'vitest';
import { kinds, readArguments } from '../support/run-arguments.js';
import { runSteps } from '../support/run-steps.js';
import {
  NOTHING,
  PASSED,
  add,
  failure,
  judge,
  lastLines,
  single,
  summaryLine,
} from '../support/tally.js';

describe('the last line', () => {
  test('says what passed and what failed', () => {
    const tally = [PASSED, failure('a'), PASSED].reduce(add, NOTHING);
    expect(summaryLine(tally)).toBe('2 passed, 1 failed');
  });

  test('says what was skipped only if anything was', () => {
    const tally = add({ ...NOTHING, skipped: ['a: no ip'] }, { ...NOTHING, skipped: ['b: no ip'] });
    expect(summaryLine(add(tally, PASSED))).toBe('1 passed, 0 failed, 2 skipped');
  });
});

test('the last lines name what was skipped and what failed, before they count', () => {
  const tally = [failure('a: 1 is not 2'), PASSED, { ...NOTHING, skipped: ['b: no ip'] }];
  expect(lastLines(tally.reduce(add, NOTHING))).toBe(
    'skipped: b: no ip\nfailed: a: 1 is not 2\n1 passed, 1 failed, 1 skipped',
  );
});

describe('a step of many tests', () => {
  const counted = { passed: 7, failures: [], skipped: [] };

  test('counts what its tests did', () => {
    expect(judge('tests', counted, true)).toEqual({ tally: counted, complaint: undefined });
    const failing = { passed: 6, failures: ['a'], skipped: [] };
    expect(judge('tests', failing, false).tally).toEqual(failing);
  });

  test('fails when its tool fails though no test did', () => {
    expect(judge('tests', counted, false).tally).toEqual({
      passed: 7,
      failures: ['tests: the tool failed outside of any test'],
      skipped: [],
    });
  });

  test('fails when not one test ran, skipped ones included', () => {
    expect(judge('tests', NOTHING, true)).toMatchObject({ complaint: 'not one test ran' });
    expect(judge('tests', { ...NOTHING, skipped: ['a: no ip'] }, true)).toMatchObject({
      tally: { failures: ['tests: not one test ran'] },
      complaint: 'not one test ran',
    });
  });
});

describe('what a developer may ask for', () => {
  test('nothing asked is everything', () => {
    expect([...kinds(readArguments([]))]).toEqual(['static', 'unit', 'simulation', 'browser']);
  });

  test('one kind alone', () => {
    expect([...kinds(readArguments(['--only', 'unit']))]).toEqual(['unit']);
  });

  test('paths name tests, so no static check runs', () => {
    const asked = readArguments(['test/wire']);
    expect(asked.paths).toEqual(['test/wire']);
    expect(kinds(asked).has('static')).toBe(false);
  });

  test('what it does not know it refuses, and says what it knows', () => {
    expect(() => readArguments(['--only', 'fast'])).toThrow('static, unit, simulation, browser');
    expect(() => readArguments(['--fast'])).toThrow('knows no option --fast');
    expect(() => readArguments(['--mutant'])).toThrow('--mutant needs a name');
  });
});

test('steps that run side by side are all counted, and each is shown', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  const steps = Array.from({ length: 9 }, (_, i) => ({
    name: `step ${i}`,
    run: async () => ({
      tally: single(`step ${i}`, i % 3 !== 0),
      output: i === 0 ? 'what is wrong' : '',
    }),
  }));
  const tally = await runSteps(steps, 2);
  expect(tally.failures.toSorted()).toEqual(['step 0', 'step 3', 'step 6']);
  expect(summaryLine(tally)).toBe('6 passed, 3 failed');
  expect(said.mock.calls.filter(([line]) => /^[✓✗] step \d/.test(line))).toHaveLength(9);
  expect(said).toHaveBeenCalledWith('    what is wrong');
  said.mockRestore();
});
