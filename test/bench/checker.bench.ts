import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel, registerModel } from '../../src/checkers/models.ts';
import { parseKeyValueHistory, parseRegisterHistory } from '../../src/checkers/parse-history.ts';
import { writeKeyValueHistory } from '../../src/checkers/write-history.ts';
import { busyHistory } from '../support/busy-service.ts';
import { compare, type Row } from './section.ts';

/** Histories checked, beside the mere reading of the same files. */
export const name = 'checker';

const RUNS = 5;

/** As long as somebody waits without wondering. */
const LIMIT = { under: 5_000 };

/** Public test data, not part of this project. */
const folder = fileURLToPath(new URL('../../../shared/histories/', import.meta.url));

const KINDS = {
  register: { parse: parseRegisterHistory, model: registerModel },
  kv: { parse: parseKeyValueHistory, model: keyValueModel },
};

interface Subject {
  readonly kind: keyof typeof KINDS;
  readonly text: string;
}

/** An operation is two events: asked and answered. */
const SERVICE = { operations: 2_000, clients: 12, keys: 8, unknown: 0 };

export function run(): Promise<Row[]> {
  const events = 2 * SERVICE.operations;
  const text = writeKeyValueHistory(busyHistory(SERVICE, 1));
  const rows = [measure(`a key-value history of ${events} events`, [{ kind: 'kv', text }])];
  const labelled = labelledHistories();
  if (labelled.length === 0) console.log(`skipped: the labelled histories are not in ${folder}`);
  else rows.push(measure(`the ${labelled.length} labelled histories together`, labelled));
  return Promise.resolve(rows);
}

function labelledHistories(): Subject[] {
  if (!existsSync(`${folder}verdicts.tsv`)) return [];
  const lines = readFileSync(`${folder}verdicts.tsv`, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [file, model] = line.split('\t') as [string, string];
    const kind = model === 'register' ? 'register' : 'kv';
    return { kind, text: readFileSync(folder + file, 'utf8') };
  });
}

function measure(figure: string, subjects: readonly Subject[]): Row {
  const times = { ours: [] as number[], baseline: [] as number[] };
  for (let i = 0; i < RUNS; i++) {
    times.baseline.push(timed(() => subjects.forEach(read)));
    times.ours.push(timed(() => subjects.forEach(check)));
  }
  return compare(figure, 'ms', times, LIMIT);
}

function timed(act: () => void): number {
  const startedAt = performance.now();
  act();
  return performance.now() - startedAt;
}

function read({ kind, text }: Subject) {
  const parsed = KINDS[kind].parse(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.problem}`);
  return parsed.history;
}

function check(subject: Subject): void {
  const { verdict } = checkLinearizability(read(subject), KINDS[subject.kind].model);
  if (verdict === 'undecided') throw new Error('a history needs more memory than there may be');
}
