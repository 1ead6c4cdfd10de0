import { describe, expect, test } from 'vitest';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel, registerModel } from '../../src/checkers/models.ts';
import { parseKeyValueHistory, parseRegisterHistory } from '../../src/checkers/parse-history.ts';
import { labelledHistories } from '../support/labelled-histories.ts';

const HISTORIES = 56;
const LIMIT_MS = 5_000;

describe.skipIf(labelledHistories.length === 0)('histories with known verdicts', () => {
  test('LIN-1 LIN-9 all get theirs, together in seconds', () => {
    const startedAt = performance.now();
    const verdicts = labelledHistories.map(({ file, model, text }) => {
      const isRegister = model === 'register';
      const parse = isRegister ? parseRegisterHistory : parseKeyValueHistory;
      const parsed = parse(text);
      if (!parsed.ok) throw new Error(`${file}, line ${parsed.line}: ${parsed.problem}`);
      const { verdict } = checkLinearizability(
        parsed.history,
        isRegister ? registerModel : keyValueModel,
      );
      return [file, model, verdict];
    });
    const elapsedMs = performance.now() - startedAt;
    const expected = labelledHistories.map(({ file, model, isLinearizable }) => [
      file,
      model,
      isLinearizable ? 'linearizable' : 'not linearizable',
    ]);
    expect(verdicts).toEqual(expected);
    expect(verdicts).toHaveLength(HISTORIES);
    expect(elapsedMs).toBeLessThan(LIMIT_MS);
  });
});
