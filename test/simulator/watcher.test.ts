import { expect, test } from 'vitest';
import type { Scenario, Violation } from '../../src/simulator/scenario.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import type { TraceEvent } from '../../src/trace/event.ts';

test('SIM-15 what a watcher sees is a violation of the run, whatever else holds', () => {
  const seen: TraceEvent[] = [];
  const wrong: Violation = { rule: 'nobody starts', text: 'somebody did' };
  const scenario: Scenario<null> = {
    name: 'watched',
    faults: [],
    safetyMs: 1_000,
    livenessMs: 1_000,
    watch: () => ({
      add(event) {
        seen.push(event);
        return event.type === 'start' && seen.length === 1 ? [wrong] : [];
      },
    }),
    protocols: () => null,
    operate() {},
    healed() {},
    safety: () => [],
    liveness: () => [],
  };
  expect(simulate(scenario, 2, 1).violations).toEqual([wrong]);
  expect(seen.map(({ type }) => type)).toContain('up');
});
