import type { History, Operation } from './history.ts';
import type { Model } from './models.ts';

/**
 * The overwriting operations whose result nobody can have met: whatever may come after one of them
 * either overwrites it, or is an answer that its result does not allow, or is of unknown outcome and
 * would change nothing. So in every order, what follows such an operation and matters overwrites it:
 * it may as well stand directly before any other overwriting operation that it is concurrent with.
 */
export function unwantedOf<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
): ReadonlySet<Operation<Action>> {
  const others = history.filter((operation) => !model.overwrites(operation));
  const unwanted = history.filter((operation) => {
    if (!model.overwrites(operation)) return false;
    const result = model.step(model.initial, operation)!;
    return !others.some(
      (other) => other.returnedAt >= operation.calledAt && meets(result, other, model),
    );
  });
  return new Set(unwanted);
}

function meets<State, Action>(
  result: State,
  other: Operation<Action>,
  model: Model<State, Action>,
): boolean {
  const after = model.step(result, other);
  if (after === undefined) return false;
  return other.outcome !== 'unknown' || model.identity(after) !== model.identity(result);
}
