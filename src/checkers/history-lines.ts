import { isKeyword, isMap, Malformed, readEdn, type Edn } from './edn.ts';

/** `info` is Jepsen's word for an operation whose outcome nobody knows. */
export type LineType = 'invoke' | 'ok' | 'fail' | 'info';

/** One line of a history: something that one client asked, or was told. */
export interface HistoryLine {
  readonly process: string;
  readonly type: LineType;
  /** What was asked for: `read`, `write`, … */
  readonly f: string;
  readonly key: Edn | undefined;
  readonly value: Edn;
}

const LINE_TYPES: readonly string[] = ['invoke', 'ok', 'fail', 'info'] satisfies LineType[];

/** What Jepsen's logger puts before each line. */
const LOG_PREFIX = /^INFO\s+jepsen\.util\s+-\s+/;

/** Jepsen writes what it breaks between what clients do; that is no operation. */
export const NEMESIS = 'nemesis';

/**
 * Reads one line, in either of two notations; `undefined` if there is nothing of a client in it.
 *
 *     {:process 0, :type :invoke, :f :cas, :key "a", :value [1 2]}
 *     0   :invoke   :cas   [1 2]
 *
 * Throws `Malformed`.
 */
export function readHistoryLine(text: string): HistoryLine | undefined {
  const bare = text.replace(LOG_PREFIX, '').trim();
  if (bare === '' || bare.startsWith(';')) return undefined;
  const values = readEdn(bare);
  const line = values.length === 1 ? readMap(values[0]!) : readColumns(values);
  return line.process === NEMESIS ? undefined : line;
}

function readMap(value: Edn): HistoryLine {
  if (!isMap(value)) {
    throw new Malformed('This is neither a map nor a process, a type, an operation and a value.');
  }
  for (const name of ['process', 'type', 'f']) {
    if (!value.has(name)) throw new Malformed(`:${name} is missing.`);
  }
  return {
    process: readProcess(value.get('process')!),
    type: readType(value.get('type')!),
    f: readWord(value.get('f')!),
    key: value.get('key'),
    value: value.get('value') ?? null,
  };
}

function readColumns(values: readonly Edn[]): HistoryLine {
  if (values.length !== 4) {
    throw new Malformed(
      `A line has four columns (process, type, operation, value); this one has ${values.length}.`,
    );
  }
  const [process, type, f, value] = values as [Edn, Edn, Edn, Edn];
  return {
    process: readProcess(process),
    type: readType(type),
    f: readWord(f),
    key: undefined,
    value,
  };
}

function readProcess(value: Edn): string {
  if (typeof value === 'string') return value;
  if (isKeyword(value)) return value.keyword;
  throw new Malformed('A process is a number or a name.');
}

function readType(value: Edn): LineType {
  const word = readWord(value);
  if (!LINE_TYPES.includes(word)) {
    throw new Malformed(`:${word} is no type: it is :invoke, :ok, :fail or :info.`);
  }
  return word as LineType;
}

function readWord(value: Edn): string {
  if (isKeyword(value)) return value.keyword;
  throw new Malformed('The type and the operation are keywords, such as :invoke and :read.');
}
