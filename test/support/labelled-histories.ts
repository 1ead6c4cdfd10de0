import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Public test data with known verdicts. It is not part of this project, so it may be missing. */
const folder = fileURLToPath(new URL('../../../shared/histories/', import.meta.url));
const isThere = existsSync(`${folder}verdicts.tsv`);
if (!isThere) console.log(`skipped: the labelled histories are not in ${folder}`);

export interface LabelledHistory {
  readonly file: string;
  readonly model: string;
  readonly isLinearizable: boolean;
  readonly text: string;
}

/** None if they are missing. */
export const labelledHistories: readonly LabelledHistory[] = (
  isThere ? readFileSync(`${folder}verdicts.tsv`, 'utf8').trim().split('\n') : []
).map((line) => {
  const [file, model, isLinearizable] = line.split('\t') as [string, string, string];
  const text = readFileSync(folder + file, 'utf8');
  return { file, model, isLinearizable: isLinearizable === 'true', text };
});
