import { expect, test } from 'vitest';
import { checkMarkedSessions } from '../../src/checkers/marked-sessions.ts';
import { coversMark } from '../../src/checkers/register-marks.ts';
import { marked, registersScenario } from '../../src/simulator/scenarios/registers.ts';
import { simulate } from '../../src/simulator/simulate.ts';

test('SIM-13 all three kinds meet every outcome; without a fix hopping clients lose guarantees, with a floor none', () => {
  const met = new Set<string>();
  const lost = new Set<string>();
  for (const seed of [7, 12, 14]) {
    const { history, violations } = simulate(registersScenario, 5, seed);
    expect(violations).toEqual([]);
    for (const { action, outcome } of history) met.add(`${action.kind} ${outcome}`);
    const without = history.filter(({ action }) => action.fix === 'none');
    for (const { guarantee, operation } of checkMarkedSessions(marked(without), coversMark))
      lost.add(`${operation.key.split(' ')[0]} ${guarantee}`);
  }
  const outcomes = ['fail', 'ok', 'unknown'];
  const all = ['ap', 'cp', 'quorum'].flatMap((kind) => outcomes.map((end) => `${kind} ${end}`));
  expect([...met].sort()).toEqual(all);
  expect([...lost]).toEqual(expect.arrayContaining(['ap read-your-writes', 'ap monotonic-writes']));
});
