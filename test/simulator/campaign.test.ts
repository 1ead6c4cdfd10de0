import { describe, expect, test } from 'vitest';
import { campaign, type Failure, type Simulation } from '../../src/simulator/campaign.ts';
import type { Fault } from '../../src/simulator/fault.ts';
import type { Violation } from '../../src/simulator/scenario.ts';

const FAULTS = Array.from({ length: 8 }, (_, number) => {
  const fault: Fault = { kind: 'kill', at: number, node: 0 };
  return { number, fault };
});

/** A run of which the test says what it breaks, by the numbers of the faults that take part. */
function simulation(breaks: (faults: readonly number[]) => readonly Violation[]): Simulation {
  return {
    name: 'a test',
    run: (_nodes, _seed, only) => {
      const faults = FAULTS.filter(({ number }) => only?.includes(number) ?? true);
      const violations = breaks(faults.map(({ number }) => number));
      return { violations, faults, hash: '', history: [] };
    },
  };
}

function failuresOf(simulated: Simulation): Failure[] {
  const failures: Failure[] = [];
  const onFailure = (failure: Failure) => failures.push(failure);
  campaign({ simulation: simulated, nodes: 1, firstSeed: 1, seeds: 1, onFailure });
  return failures;
}

describe('shrinking', () => {
  test('SIM-8 keeps to the rule that was broken first, though a shorter list breaks another', () => {
    const [failure] = failuresOf(
      simulation((faults) => {
        const has = (...numbers: number[]) => numbers.every((number) => faults.includes(number));
        if (has(2, 5)) return [{ rule: 'found', text: `node ${faults.length} lost a write` }];
        return has(3) || !has(0) ? [{ rule: 'other', text: 'another bug' }] : [];
      }),
    );
    expect(failure!.faults.map(({ number }) => number)).toEqual([2, 5]);
    // The same bug in other words: with fewer faults another node or moment is hit.
    expect(failure!.violations).toEqual([{ rule: 'found', text: 'node 2 lost a write' }]);
  });

  test('SIM-8 shows of what is left the rule that was found alone', () => {
    const found = { rule: 'found', text: 'it' };
    const [failure] = failuresOf(
      simulation((faults) =>
        faults.includes(4) ? [found, { rule: 'other', text: 'and that' }] : [],
      ),
    );
    expect(failure!.violations).toEqual([found]);
  });
});

test('SIM-10 a run that is not the same twice is a failure with all its faults', () => {
  let runs = 0;
  const failures = failuresOf({
    name: 'a die',
    run: () => ({ violations: [], faults: FAULTS, hash: String(runs++), history: [] }),
  });
  expect(failures).toMatchObject([{ seed: 1, faults: FAULTS }]);
});
