import { expect, test, vi } from 'vitest';
import { simulate } from '../../src/simulator/simulate.ts';
import { storeScenario } from '../../src/simulator/scenarios/store.ts';

/** The mutant: what a step sends leaves at once, whatever it stores. */
vi.mock(import('../../src/runtime/steps.ts'), async (importOriginal) => {
  const { Steps, ...rest } = await importOriginal();
  class HastySteps extends Steps {
    override output(_bytes: number, leave: () => void): boolean {
      leave();
      return true;
    }
  }
  return { ...rest, Steps: HastySteps };
});

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

test('a lost store-before-send is caught by the store scenario', () => {
  const caught = SEEDS.some((seed) => simulate(storeScenario, 5, seed).violations.length > 0);
  expect(caught).toBe(true);
});

test('with faults off the same mutant passes: only a crash tells', () => {
  for (const seed of SEEDS.slice(0, 30)) {
    expect(simulate(storeScenario, 5, seed, []).violations).toEqual([]);
  }
});
