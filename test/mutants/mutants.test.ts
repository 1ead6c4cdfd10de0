import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Check } from './checks.ts';
import { switchIn, switchOut } from './mutant.ts';
import { MUTANTS } from './mutants.ts';

/** Hundreds of runs, on a machine that has other work too. */
const LONG_TEST_MS = 180_000;

describe.each(MUTANTS)('$name', (mutant) => {
  const { caughtBy, withFaultsOff } = mutant;
  beforeEach(() => {
    // What other tests have imported is not the mutant.
    vi.resetModules();
    switchIn(mutant);
  });
  afterEach(() => switchOut(mutant));

  test(`is caught by ${caughtBy.name}`, { timeout: LONG_TEST_MS }, async () => {
    expect(await caughtBy.finds(true)).toBe(true);
  });

  test(`is ${withFaultsOff} with faults off`, { timeout: LONG_TEST_MS }, async () => {
    // Without faults one run is much like another.
    const caught = withFaultsOff === 'caught';
    expect(await caughtBy.finds(false, caught ? 'all' : 'sample')).toBe(caught);
  });
});

describe('without a mutant', () => {
  const checks = new Map(MUTANTS.map(({ caughtBy }): [string, Check] => [caughtBy.name, caughtBy]));

  test.each([...checks.values()])(
    '$name finds nothing',
    { timeout: LONG_TEST_MS },
    async (check) => {
      vi.resetModules();
      const found = [await check.finds(true, 'sample'), await check.finds(false, 'sample')];
      expect(found).toEqual([false, false]);
    },
  );
});
