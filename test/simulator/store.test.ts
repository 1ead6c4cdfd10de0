import { expect, test } from 'vitest';
import { simulate } from '../../src/simulator/simulate.ts';
import { storeScenario } from '../../src/simulator/scenarios/store.ts';

test('SIM-7 an answer that waits for three slow writes in a row still counts as progress', () => {
  // Found by a long campaign: node 3 restarts just before the heal and pushes up others' Lamport clocks.
  expect(simulate(storeScenario, 5, 832, [0, 1, 7, 10]).violations).toEqual([]);
});
