import type { Operation } from './history.ts';
import type { Witness } from './linearizability.ts';
import type { Model } from './models.ts';

/** The end of an order is what matters, and this much of it is read. */
const SHOWN_OPERATIONS = 5;

/**
 * What a witness says, for people: a few lines of text.
 *
 * @param where an instant of the history in words, such as 'line 12'
 */
export function explain<State, Action>(
  witness: Witness<State, Action>,
  model: Model<State, Action>,
  where: (instant: number) => string,
): string {
  const { breaksAt, unexplained, order, state, partition } = witness;
  const name = (operation: Operation<Action>) => {
    const { process, calledAt, returnedAt } = operation;
    const end = returnedAt === Infinity ? 'still open' : `answered at ${where(returnedAt)}`;
    return `process ${process}: ${model.describe(operation)} (asked at ${where(calledAt)}, ${end})`;
  };
  const lines = [`It breaks at ${where(breaksAt.returnedAt)}, with ${name(breaksAt)}.`];
  if (unexplained !== breaksAt) {
    lines.push(
      `Had it taken effect, it could have explained ${name(unexplained)}. Now nothing does.`,
    );
  }
  if (order.length > 0) {
    const shown = order.slice(-SHOWN_OPERATIONS);
    lines.push(
      `What was answered before fits into one order. The longest has ${count(order.length)}${order.length > shown.length ? ' and ends with' : ''}:`,
      ...shown.map((operation) => `  ${name(operation)}`),
    );
  }
  const then = order.length > 0 ? 'After that' : 'At the beginning';
  lines.push(
    `${then} ${model.describeState(state, partition)}, so ${unexplained === breaksAt ? 'this answer' : 'that answer'} does not fit there, and no other order has a place for it either.`,
  );
  return lines.join('\n');
}

function count(operations: number): string {
  return operations === 1 ? '1 operation' : `${operations} operations`;
}
