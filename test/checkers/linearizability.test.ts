import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, Outcome } from '../../src/checkers/history.ts';
import { checkLinearizability } from '../../src/checkers/linearizability.ts';
import {
  keyValueModel,
  registerModel,
  type Cell,
  type CellAction,
  type Model,
} from '../../src/checkers/models.ts';
import { parseKeyValueHistory } from '../../src/checkers/parse-history.ts';
import { writeKeyValueHistory } from '../../src/checkers/write-history.ts';
import { busyHistory } from '../support/busy-service.ts';
import { anyHistory, crowdedHistory, explainableHistory } from '../support/cell-histories.ts';
import {
  isLinearizableByForce,
  isLinearizableBySets,
  keepsRealTime,
  knownAt,
  replay,
} from '../support/every-order.ts';

type CellOperation = Operation<CellAction>;

/** `outcome` is unknown if no return is given. */
function operation(
  action: CellAction,
  calledAt: number,
  returnedAt = Infinity,
  outcome: Outcome = returnedAt === Infinity ? 'unknown' : 'ok',
): CellOperation {
  return { process: `p${calledAt}`, action, calledAt, returnedAt, outcome };
}
const read = (value: Cell): CellAction => ({ key: '', kind: 'read', value });
const write = (value: Cell): CellAction => ({ key: '', kind: 'write', value });
const cas = (from: Cell, to: Cell): CellAction => ({ key: '', kind: 'cas', from, to });

const verdictOf = (history: CellOperation[]) =>
  checkLinearizability(history, registerModel).verdict;

/** As many operations as all orders of can still be tried. */
const FEW = 5;
/** And all sets of. */
const SOME = 10;
const MODELS = [
  ['the register', registerModel],
  ['a key', keyValueModel],
] as const;

/** Holds the checker against a reference, and says how often that gave which answer. */
function compare(
  histories: fc.Arbitrary<CellOperation[]>,
  model: Model<Cell, CellAction>,
  reference: typeof isLinearizableByForce,
  numRuns: number,
) {
  const verdicts = { yes: 0, no: 0 };
  fc.assert(
    fc.property(histories, (history) => {
      const expected = reference(history, model);
      verdicts[expected ? 'yes' : 'no'] += 1;
      const { verdict } = checkLinearizability(history, model);
      expect(verdict).toBe(expected ? 'linearizable' : 'not linearizable');
    }),
    { numRuns, seed: 7 },
  );
  return verdicts;
}

describe('the verdict', () => {
  test.each(MODELS)('LIN-1 is that of trying every order, for any history of %s', (_, model) => {
    const verdicts = compare(anyHistory(FEW), model, isLinearizableByForce, 1_500);
    // Neither answer may be rare, or a checker that always gives the other would nearly pass.
    expect(Math.min(verdicts.yes, verdicts.no)).toBeGreaterThan(150);
  });

  test.each(MODELS)(
    'LIN-1 is that of trying every set, for a crowd of writers of %s',
    (_, model) => {
      const verdicts = compare(crowdedHistory(SOME), model, isLinearizableBySets, 2_000);
      expect(Math.min(verdicts.yes, verdicts.no)).toBeGreaterThan(300);
    },
  );

  test.each(MODELS)('LIN-1 accepts all that a correct service answers, %s', (_, model) => {
    fc.assert(
      fc.property(explainableHistory(model, 25), (history) => {
        expect(checkLinearizability(history, model)).toEqual({ verdict: 'linearizable' });
      }),
      { numRuns: 400 },
    );
  });

  test('LIN-1 the same operations in another order may leave another state, and both are tried', () => {
    const both = [operation(write('1'), 0, 10), operation(write('2'), 1, 9)];
    expect(verdictOf([...both, operation(read('1'), 11, 12)])).toBe('linearizable');
    expect(verdictOf([...both, operation(read('2'), 11, 12)])).toBe('linearizable');
    expect(verdictOf([...both, operation(read(null), 11, 12)])).toBe('not linearizable');
  });

  test('LIN-2 what nobody was told of may take effect at any later time', () => {
    const lost = operation(write('1'), 0);
    const before = operation(read(null), 10, 11);
    const after = operation(read('1'), 20, 21);
    expect(verdictOf([lost, before, after])).toBe('linearizable');
    expect(verdictOf([after, operation(read(null), 22, 23), lost])).toBe('not linearizable');
  });

  test('LIN-2 or never, or once', () => {
    const lost = operation(cas(null, '1'), 0);
    expect(verdictOf([lost, operation(read(null), 10, 11)])).toBe('linearizable');
    const again = [operation(write(null), 20, 21), operation(read('1'), 22, 23)];
    expect(verdictOf([lost, operation(read('1'), 10, 11), ...again])).toBe('not linearizable');
  });

  test('LIN-2 two that ask for the same may both take effect', () => {
    const lost = [operation(write('1'), 0), operation(write('1'), 1)];
    const seen = (at: number) => operation(read('1'), at, at + 1);
    const other = (at: number) => operation(write('2'), at, at + 1);
    expect(verdictOf([...lost, seen(10), other(20), seen(30)])).toBe('linearizable');
    expect(verdictOf([...lost, seen(10), other(20), seen(30), other(40), seen(50)])).toBe(
      'not linearizable',
    );
  });

  test.each(['1', '2'])('LIN-2 what it takes effect on is a write that somebody met, %s', (met) => {
    const writes = [operation(write('1'), 0, 10), operation(write('2'), 1, 10)];
    const lost = operation({ key: '', kind: 'append', value: 'x' }, 2);
    const after = operation(read(`${met}x`), 20, 21);
    expect(verdictOf([...writes, lost, after])).toBe('linearizable');
  });

  test('LIN-3 a read that begins after a write has returned sees it', () => {
    const stale = operation(read(null), 2, 3);
    expect(verdictOf([operation(write('1'), 0, 1), stale])).toBe('not linearizable');
    expect(verdictOf([operation(write('1'), 0, 3), stale])).toBe('linearizable');
  });

  test('LIN-3 at one instant a return does not come before a call', () => {
    expect(verdictOf([operation(write('1'), 0, 2), operation(read(null), 2, 3)])).toBe(
      'linearizable',
    );
  });

  test('LIN-4 a refused compare-and-set has seen another value, and changed nothing', () => {
    const refused = operation(cas('1', '2'), 2, 3, 'fail');
    expect(verdictOf([operation(write('1'), 0, 1), refused])).toBe('not linearizable');
    expect(verdictOf([refused, operation(read(null), 4, 5)])).toBe('linearizable');
    expect(verdictOf([refused, operation(read('2'), 4, 5)])).toBe('not linearizable');
  });

  test('LIN-4 any other operation that failed did nothing and says nothing', () => {
    const failed = [operation(write('1'), 0, 1, 'fail'), operation(read('9'), 0, 1, 'fail')];
    expect(verdictOf([...failed, operation(read(null), 2, 3)])).toBe('linearizable');
    expect(verdictOf([...failed, operation(read('1'), 2, 3)])).toBe('not linearizable');
  });

  test('LIN-5 each key stands by itself, and the earliest break of all is the witness', () => {
    const at = (key: string, value: string, calledAt: number) =>
      operation({ key, kind: 'read', value }, calledAt, calledAt + 1);
    const result = checkLinearizability(
      [at('late', 'x', 8), at('fine', '', 0), at('early', 'x', 4), at('later', 'x', 9)],
      keyValueModel,
    );
    expect(result).toMatchObject({ witness: { partition: 'early', breaksAt: { calledAt: 4 } } });
  });
});

describe('the witness', () => {
  test.each(MODELS)('LIN-6 ends the shortest prefix that is not linearizable, %s', (_, model) => {
    let broken = 0;
    let elsewhere = 0;
    fc.assert(
      fc.property(anyHistory(FEW), (history) => {
        const result = checkLinearizability(history, model);
        if (result.verdict !== 'not linearizable') return;
        broken += 1;
        const { breaksAt, unexplained, order, state } = result.witness;
        const shortest = history
          .map(({ returnedAt }) => returnedAt)
          .sort((a, b) => a - b)
          .find((end) => !isLinearizableByForce(knownAt(history, end), model));
        expect(breaksAt.returnedAt).toBe(shortest);
        expect(history).toContain(breaksAt);
        if (unexplained !== breaksAt) elsewhere += 1;

        // LIN-7: a true order of the prefix, with all that was answered before what it cannot explain.
        expect(keepsRealTime(order)).toBe(true);
        expect(replay(order, model)).toEqual({ state });
        expect(order).not.toContain(unexplained);
        const known = knownAt(history, shortest!);
        for (const each of order) expect(known).toContainEqual(each);
        for (const each of history)
          if (each.returnedAt < unexplained.returnedAt) expect(order).toContain(each);
      }),
      { numRuns: 1_500, seed: 7 },
    );
    expect(broken).toBeGreaterThan(150);
    // The case that the first guess gets wrong has been met.
    expect(elsewhere).toBeGreaterThan(0);
  });

  test('LIN-6 a compare-and-set that is refused later takes away an explanation', () => {
    const refused = operation(cas(null, '1'), 0, 9, 'fail');
    const seen = operation(read('1'), 2, 3);
    const result = checkLinearizability([refused, seen], registerModel);
    expect(result).toMatchObject({ witness: { breaksAt: refused, unexplained: seen } });
  });

  test('LIN-7 has the longest order, open operations included', () => {
    const open = operation(write('1'), 0);
    const seen = operation(read('1'), 2, 3);
    const result = checkLinearizability([open, seen, operation(read('2'), 4, 5)], registerModel);
    expect(result).toMatchObject({ witness: { order: [open, seen], state: '1' } });
  });

  test('LIN-7 leaves out open writes that nobody can have read', () => {
    const open = operation(write('1'), 0);
    const result = checkLinearizability([open, operation(read('2'), 2, 3)], registerModel);
    expect(result).toMatchObject({ witness: { order: [], state: null } });
  });
});

describe('work', () => {
  /** So many appends at once leave more orders than anybody can try, and no read fits. */
  const append = (value: string): CellAction => ({ key: '', kind: 'append', value });
  const crowd = Array.from({ length: 24 }, (_, i) => operation(append(String(i)), i, 100 + i));

  test('LIN-9 of writes that nobody reads there may be any number', () => {
    const writes = Array.from({ length: 200 }, (_, i) => operation(write(String(i)), i, 1_000 + i));
    const open = Array.from({ length: 200 }, (_, i) => operation(write(`open ${i}`), i));
    const last = operation(read('nobody wrote this'), 2_000, 2_001);
    const result = checkLinearizability([...writes, ...open, last], registerModel, 1024 * 1024);
    expect(result).toMatchObject({ witness: { breaksAt: last } });
  });

  test('LIN-8 what outgrows the memory is undecided, and the key is named', () => {
    const history = [...crowd, operation(read('nobody wrote this'), 200, 201)];
    const megabyte = 1024 * 1024;
    expect(checkLinearizability(history, registerModel, megabyte)).toEqual({
      verdict: 'undecided',
      partition: '',
    });
  });

  test('LIN-8 a break that was found counts, whatever else stays undecided', () => {
    const elsewhere = operation({ key: 'x', kind: 'read', value: '1' }, 300, 301);
    const history = [...crowd, operation(read('nobody wrote this'), 200, 201), elsewhere];
    expect(checkLinearizability(history, registerModel, 1024 * 1024)).toMatchObject({
      verdict: 'not linearizable',
      witness: { partition: 'x' },
    });
  });

  const LIMIT_MS = 5_000;
  const services = [
    { operations: 2_000, clients: 10, keys: 10, unknown: 0.02 },
    { operations: 2_000, clients: 6, keys: 1, unknown: 0 },
  ];

  test.each(services)('LIN-9 2,000 operations are checked in seconds: %o', (service) => {
    const history = busyHistory(service, 1);
    const text = writeKeyValueHistory(history);
    const startedAt = performance.now();
    const parsed = parseKeyValueHistory(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(checkLinearizability(parsed.history, keyValueModel)).toEqual({
      verdict: 'linearizable',
    });
    const stale = breakLastRead(parsed.history);
    expect(checkLinearizability(stale.history, keyValueModel)).toMatchObject({
      witness: { breaksAt: stale.read },
    });
    expect(performance.now() - startedAt).toBeLessThan(LIMIT_MS);
  });
});

/** As if it had been answered by a replica that never heard of anything. */
function breakLastRead(history: readonly CellOperation[]) {
  const last = history.findLast(
    ({ action, outcome }) => outcome === 'ok' && action.kind === 'read' && action.value !== '',
  )!;
  const broken: CellOperation = {
    ...last,
    action: { key: last.action.key, kind: 'read', value: 'nobody wrote this' },
  };
  return { history: history.map((each) => (each === last ? broken : each)), read: broken };
}
