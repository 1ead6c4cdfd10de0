import { explain } from '../../checkers/explain.ts';
import type { History } from '../../checkers/history.ts';
import { checkLinearizability } from '../../checkers/linearizability.ts';
import { keyValueModel, type CellAction } from '../../checkers/models.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Violation } from '../scenario.ts';

/** What is broken once stays so: it is enough to look at times, and at the end of each phase. */
const JUDGE_EVERY_MS: Milliseconds = 5_000;

/** Whether what clients were told could have come from one machine that never fails. */
export function judged(history: History<CellAction>, now: Milliseconds): readonly Violation[] {
  if (now % JUDGE_EVERY_MS !== 0) return [];
  const result = checkLinearizability(history, keyValueModel);
  if (result.verdict === 'linearizable') return [];
  if (result.verdict === 'undecided')
    return [{ rule: 'the history can be judged', text: `${result.partition} is undecided` }];
  const rule = 'all answers are those of one machine';
  const at = (instant: number) => `${instant.toFixed(1)} ms`;
  return [{ rule, text: explain(result.witness, keyValueModel, at) }];
}
