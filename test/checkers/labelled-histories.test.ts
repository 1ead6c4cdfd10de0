import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel, registerModel } from '../../src/checkers/models.ts';
import { parseKeyValueHistory, parseRegisterHistory } from '../../src/checkers/parse-history.ts';

/** Public test data with known verdicts. It is not part of this project, so it may be missing. */
const folder = fileURLToPath(new URL('../../../shared/histories/', import.meta.url));
const isThere = existsSync(`${folder}verdicts.tsv`);
if (!isThere) console.log(`skipped: the labelled histories are not in ${folder}`);

const HISTORIES = 56;
const LIMIT_MS = 5_000;

describe.skipIf(!isThere)('histories with known verdicts', () => {
  const labels = (isThere ? readFileSync(`${folder}verdicts.tsv`, 'utf8') : '')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [file: string, model: string, isLinearizable: string]);

  test('LIN-1 LIN-9 all get theirs, together in seconds', () => {
    const startedAt = performance.now();
    const verdicts = labels.map(([file, name]) => {
      const isRegister = name === 'register';
      const parse = isRegister ? parseRegisterHistory : parseKeyValueHistory;
      const parsed = parse(readFileSync(folder + file, 'utf8'));
      if (!parsed.ok) throw new Error(`${file}, line ${parsed.line}: ${parsed.problem}`);
      const model = isRegister ? registerModel : keyValueModel;
      return [file, name, String(checkLinearizability(parsed.history, model).verdict)];
    });
    const elapsedMs = performance.now() - startedAt;
    const expected = labels.map(([file, name, isLinearizable]) => [
      file,
      name,
      isLinearizable === 'true' ? 'linearizable' : 'not linearizable',
    ]);
    expect(verdicts).toEqual(expected);
    expect(verdicts).toHaveLength(HISTORIES);
    expect(elapsedMs).toBeLessThan(LIMIT_MS);
  });
});
