import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History, Operation } from '../../src/checkers/history.ts';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import { keyValueModel, registerModel, type CellAction } from '../../src/checkers/models.ts';
import { parseKeyValueHistory, parseRegisterHistory } from '../../src/checkers/parse-history.ts';
import { writeKeyValueHistory, writeRegisterHistory } from '../../src/checkers/write-history.ts';
import { anyHistory, explainableHistory } from '../support/cell-histories.ts';
import { labelledHistories } from '../support/labelled-histories.ts';

/** A machine that does other things, too. */
const SLOW_MS = 60_000;

type CellHistory = History<CellAction>;

const REGISTER = {
  write: writeRegisterHistory,
  parse: parseRegisterHistory,
  model: registerModel,
  nil: null,
  kinds: ['read', 'write', 'cas'],
};
const KEY_VALUE = {
  write: writeKeyValueHistory,
  parse: parseKeyValueHistory,
  model: keyValueModel,
  nil: '',
  kinds: ['read', 'write', 'append', 'cas', 'delete'],
};
type Kind = typeof REGISTER | typeof KEY_VALUE;

function readBack({ write, parse }: Kind, history: CellHistory): CellHistory {
  const parsed = parse(write(history));
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.problem}`);
  return parsed.history;
}

/** As the vocabulary of the model has it: the same keys, no nil where there is none. */
function fit(history: CellHistory, { kinds, nil }: Kind): CellHistory {
  const cell = (value: string | null) => value ?? nil;
  return history
    .filter(({ action }) => kinds.includes(action.kind))
    .map((operation): Operation<CellAction> => {
      const action = { ...operation.action, key: nil === null ? '' : 'k' };
      if (action.kind === 'read' && action.value !== undefined) return { ...operation, action: { ...action, value: cell(action.value) } }; // prettier-ignore
      if (action.kind === 'write') return { ...operation, action: { ...action, value: cell(action.value) } }; // prettier-ignore
      if (action.kind === 'cas') return { ...operation, action: { ...action, from: cell(action.from), to: cell(action.to) } }; // prettier-ignore
      return { ...operation, action };
    });
}

/** What says something: a failure that is no compare-and-set says nothing and is not kept. */
function telling(history: CellHistory): CellHistory {
  return history.filter(({ outcome, action }) => outcome !== 'fail' || action.kind === 'cas');
}

/** All that a checker may ask of a history: what was done, how it ended, and who came before whom. */
function asked(history: CellHistory): string[] {
  const names = history.map(({ action, outcome }) =>
    JSON.stringify([Object.entries(action).sort(), outcome]),
  );
  const pairs = history.flatMap((a, i) =>
    history.map((b, j) => (a.returnedAt < b.calledAt ? `${names[i]} before ${names[j]}` : '')),
  );
  return [...names, ...pairs].sort();
}

describe.each([
  ['register', REGISTER],
  ['kv', KEY_VALUE],
] as const)('%s', (_name, kind) => {
  test(
    'HISTORY-4 any history comes back with its operations, outcomes and real time',
    { timeout: SLOW_MS },
    () => {
      fc.assert(
        fc.property(anyHistory(8), (drawn) => {
          const history = fit(drawn, kind);
          fc.pre(telling(history).length > 0);
          expect(asked(readBack(kind, history))).toEqual(asked(telling(history)));
        }),
        { numRuns: 500 },
      );
    },
  );

  test('HISTORY-4 and so with its verdict', { timeout: SLOW_MS }, () => {
    const histories = fc.oneof(anyHistory(8), explainableHistory(kind.model, 12));
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(histories, (drawn) => {
        const history = fit(drawn, kind);
        fc.pre(telling(history).length > 0);
        const { verdict } = checkLinearizability(history, kind.model);
        expect(checkLinearizability(readBack(kind, history), kind.model).verdict).toBe(verdict);
        verdicts.add(verdict);
      }),
      { numRuns: 500 },
    );
    expect([...verdicts].sort()).toEqual(['linearizable', 'not linearizable']);
  });
});

const open = { outcome: 'unknown', returnedAt: Infinity } as const;
const writes = (process: string, value: string, calledAt: number): Operation<CellAction> => ({
  process,
  action: { kind: 'write', key: 'k', value },
  calledAt,
  ...open,
});

describe('lines', () => {
  test('HISTORY-4 a client that is called like the nemesis is not passed over', () => {
    const history = [writes('nemesis', '1', 1)];
    expect(readBack(KEY_VALUE, history)).toEqual([{ ...history[0], process: 'nemesis/2' }]);
  });

  test('HISTORY-4 whoever asks while it waits goes on under another name', () => {
    const history = [writes('fox', '1', 1), writes('fox', '2', 2), writes('fox/2', '3', 3)];
    const told = { ...writes('fox', 'x', 4), outcome: 'ok', returnedAt: 5 } as const;
    expect(writeKeyValueHistory([...history, told])).toBe(`\
{:process "fox", :type :invoke, :f :put, :key "k", :value 1}
{:process "fox/3", :type :invoke, :f :put, :key "k", :value 2}
{:process "fox/2", :type :invoke, :f :put, :key "k", :value 3}
{:process "fox/4", :type :invoke, :f :put, :key "k", :value "x"}
{:process "fox/4", :type :ok, :f :put, :key "k", :value "x"}
{:process "fox", :type :info, :f :put, :key "k", :value 1}
{:process "fox/3", :type :info, :f :put, :key "k", :value 2}
{:process "fox/2", :type :info, :f :put, :key "k", :value 3}
`);
  });

  test(
    'HISTORY-4 any text comes back, as a process, a key and a value',
    { timeout: SLOW_MS },
    () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
          const history = [{ ...writes(text, text, 1), action: { kind: 'write', key: text, value: text } as const }]; // prettier-ignore
          expect(readBack(KEY_VALUE, history)).toEqual([{ ...history[0], calledAt: 1 }]);
        }),
      );
      for (const text of ['01', '-0', '+1', '1.5', 'nil', ':a', '\u0008\f\ud800"\\n']) {
        expect(readBack(KEY_VALUE, [writes('p', text, 1)])[0]!.action).toMatchObject({
          value: text,
        });
      }
    },
  );

  test('HISTORY-4 what the model has no words for is not written', () => {
    const append = { kind: 'append', key: '', value: 'x' } as const;
    expect(() => writeRegisterHistory([{ ...writes('p', '', 1), action: append }])).toThrow(
      'append',
    );
    expect(() => writeRegisterHistory([writes('p', '', 1)])).toThrow('one cell');
    const nil = { kind: 'write', key: 'k', value: null } as const;
    expect(() => writeKeyValueHistory([{ ...writes('p', '', 1), action: nil }])).toThrow('no nil');
  });
});

describe.skipIf(labelledHistories.length === 0)('histories with known verdicts', () => {
  test(
    'HISTORY-4 keep theirs when they are read, written and read again',
    { timeout: SLOW_MS },
    () => {
      for (const { file, model, text, isLinearizable } of labelledHistories) {
        const kind: Kind = model === 'register' ? REGISTER : KEY_VALUE;
        const parsed = kind.parse(text);
        if (!parsed.ok) throw new Error(file);
        const { verdict } = checkLinearizability(readBack(kind, parsed.history), kind.model);
        expect([file, verdict === 'linearizable']).toEqual([file, isLinearizable]);
      }
    },
  );
});
