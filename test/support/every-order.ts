import type { History, Operation } from '../../src/checkers/history.ts';
import type { Model } from '../../src/checkers/models.ts';

/**
 * Linearizability by its definition, with no cleverness at all: is there an order of all settled
 * operations, and of any of those of unknown outcome, that keeps real time and that the model can
 * follow? Tries every one, so it is for a handful of operations.
 */
export function isLinearizableByForce<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
): boolean {
  const settled = history.filter(({ outcome }) => outcome !== 'unknown').length;
  for (const order of arrangements(history)) {
    const placed = order.filter(({ outcome }) => outcome !== 'unknown').length;
    if (placed === settled && keepsRealTime(order) && replay(order, model) !== undefined)
      return true;
  }
  return false;
}

/**
 * The same with one thought more, for a few operations more: it is enough to know which sets of them
 * can be in order already, with the states that they may leave.
 */
export function isLinearizableBySets<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
): boolean {
  const reached = new Map([
    [`0 ${model.identity(model.initial)}`, { set: 0, state: model.initial }],
  ]);
  const isIn = (set: number, i: number) => (set & (1 << i)) !== 0;
  for (const { set, state } of reached.values()) {
    for (const [i, operation] of history.entries()) {
      const mustWait = history.some(
        ({ returnedAt }, j) => !isIn(set, j) && j !== i && returnedAt < operation.calledAt,
      );
      const next = isIn(set, i) || mustWait ? undefined : model.step(state, operation);
      if (next === undefined) continue;
      const larger = set | (1 << i);
      reached.set(`${larger} ${model.identity(next)}`, { set: larger, state: next });
    }
  }
  return [...reached.values()].some(({ set }) =>
    history.every(({ outcome }, i) => outcome === 'unknown' || isIn(set, i)),
  );
}

/** Nobody comes after one that was called only when it had its answer already. */
export function keepsRealTime<Action>(order: History<Action>): boolean {
  return order.every((later, i) =>
    order.slice(0, i).every((earlier) => !(later.returnedAt < earlier.calledAt)),
  );
}

/** The state that an order leaves; `undefined` if the model cannot follow it. */
export function replay<State, Action>(
  order: History<Action>,
  model: Model<State, Action>,
): { readonly state: State } | undefined {
  let state = model.initial;
  for (const operation of order) {
    const next = model.step(state, operation);
    if (next === undefined) return undefined;
    state = next;
  }
  return { state };
}

/** Every subset in every order. */
function* arrangements<T>(all: readonly T[]): Generator<T[]> {
  yield [];
  for (const [i, first] of all.entries()) {
    for (const rest of arrangements(all.toSpliced(i, 1))) yield [first, ...rest];
  }
}

/** What is known at `end`, told once more so that it can judge the one in `src/`. */
export function knownAt<Action>(history: History<Action>, end: number): Operation<Action>[] {
  const known: Operation<Action>[] = [];
  for (const operation of history) {
    if (operation.calledAt > end) continue;
    const isOpen = operation.returnedAt > end;
    known.push(isOpen ? { ...operation, outcome: 'unknown', returnedAt: Infinity } : operation);
  }
  return known;
}
