import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { prefixUntil, type History } from '../../src/checkers/history.ts';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel, type CellAction } from '../../src/checkers/models.ts';
import { parseKeyValueHistory } from '../../src/checkers/parse-history.ts';
import { writeKeyValueHistory } from '../../src/checkers/write-history.ts';
import { simulation } from '../support/quorum-alone.ts';

/**
 * The least that `npm run sim -- --scenario-file test/support/quorum-alone.ts` has found in 120 seeds
 * of three and of four nodes: no fault at all, and six requests for one key.
 */
const [NODES, SEED] = [3, 16];

const RECORDED = readFileSync(new URL('quorum-alone.edn', import.meta.url), 'utf8');

function witnessOf(history: History<CellAction>) {
  const result = checkLinearizability(history, keyValueModel);
  if (result.verdict !== 'not linearizable') throw new Error(`it is ${result.verdict}`);
  return result.witness;
}

test('r + w > n alone is not linearizable: a write is seen, overwritten, and seen again', () => {
  const parsed = parseKeyValueHistory(RECORDED);
  if (!parsed.ok) throw new Error('the recording cannot be read');
  const { breaksAt, unexplained, state } = witnessOf(parsed.history);
  expect(unexplained).toBe(breaksAt);
  expect(breaksAt.action).toEqual({ kind: 'read', key: 'x', value: '0.0-3' });
  expect(state).toBe('0.1-1');
  expect(parsed.history).toHaveLength(6);
});

test('the seed that it comes from tells the same again, without a fault', () => {
  const { history, violations } = simulation.run(NODES, SEED, []);
  expect(violations.map(({ rule }) => rule)).toEqual(['all answers are those of one machine']);
  const { breaksAt, partition } = witnessOf(history as History<CellAction>);
  const least = prefixUntil(history as History<CellAction>, breaksAt.returnedAt).filter(
    ({ action }) => action.key === partition,
  );
  expect(writeKeyValueHistory(least)).toBe(RECORDED);
});
