import { prefixUntil, type History, type Operation } from './history.ts';
import { MemoryBudget } from './memo.ts';
import type { Model } from './models.ts';
import { searchOrder, type DeadEnd } from './search.ts';

/** Why a history is not linearizable: its shortest prefix that is not, and how far one gets in it. */
export interface Witness<State, Action> {
  readonly partition: string;
  /** The operation whose return ends the shortest prefix. One return earlier all was well. */
  readonly breaksAt: Operation<Action>;
  /** The longest order of that prefix's operations, of this partition, that gets as far as any. */
  readonly order: readonly Operation<Action>[];
  /** What that order leaves. */
  readonly state: State;
  /**
   * What can neither follow that order nor stand anywhere within it. Mostly `breaksAt`. Another one
   * if `breaksAt` was refused, and until that was known could have explained the other.
   */
  readonly unexplained: Operation<Action>;
}

export type LinearizabilityResult<State, Action> =
  | { readonly verdict: 'linearizable' }
  | { readonly verdict: 'not linearizable'; readonly witness: Witness<State, Action> }
  | { readonly verdict: 'undecided'; readonly partition: string };

/**
 * A quarter of what Node gives a program by default, and room for two million configurations; a
 * minute of work. Histories of real clients need a thousandth of it.
 */
export const MAX_MEMO_BYTES = 512 * 1024 * 1024;

/**
 * Could one machine that serves one client at a time have given these answers? Deciding that is
 * NP-complete. If what it has to remember outgrows `maxMemoBytes`, the verdict is `undecided`, which
 * says nothing about the history.
 */
export function checkLinearizability<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
  maxMemoBytes: number = MAX_MEMO_BYTES,
): LinearizabilityResult<State, Action> {
  let witness: Witness<State, Action> | undefined;
  let undecided: string | undefined;
  for (const [partition, operations] of partitions(history, model)) {
    // Only what breaks earlier than what is known to break is of interest.
    const relevant =
      witness === undefined ? operations : prefixUntil(operations, witness.breaksAt.returnedAt);
    const result = searchOrder(relevant, model, new MemoryBudget(maxMemoBytes));
    if (result.found === 'nothing yet') undecided ??= partition;
    if (result.found !== 'dead end') continue;
    const found = shortestPrefix(relevant, model, result.deadEnd, maxMemoBytes);
    if (witness === undefined || found.breaksAt.returnedAt < witness.breaksAt.returnedAt) {
      witness = { partition, ...found };
    }
  }
  if (witness !== undefined) return { verdict: 'not linearizable', witness };
  if (undecided !== undefined) return { verdict: 'undecided', partition: undecided };
  return { verdict: 'linearizable' };
}

function partitions<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
): Map<string, Operation<Action>[]> {
  const byPartition = new Map<string, Operation<Action>[]>();
  for (const operation of history) {
    const partition = model.partition(operation);
    const members = byPartition.get(partition);
    if (members === undefined) byPartition.set(partition, [operation]);
    else members.push(operation);
  }
  return byPartition;
}

/**
 * No prefix that ends before the return that blocked the whole is broken, for all of it was ordered.
 * The one that ends there mostly is; but a prefix knows less of operations that are still open, so it
 * may allow what the whole forbids. Then the answer is a longer one. Once broken, always broken, so
 * halving finds it. (Where a prefix stays undecided, the result may be longer than the shortest.)
 */
function shortestPrefix<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
  whole: DeadEnd<State, Action>,
  maxMemoBytes: number,
): Omit<Witness<State, Action>, 'partition'> {
  const candidates = history
    .filter(({ returnedAt }) => returnedAt >= whole.blocked.returnedAt && returnedAt < Infinity)
    .sort((a, b) => a.returnedAt - b.returnedAt);
  let best = { breaksAt: candidates.at(-1)!, deadEnd: whole };
  let from = 0;
  let to = candidates.length - 1;
  // The first guess is the first candidate, because it is nearly always right.
  for (let guess = 0; from < to; guess = (from + to) >> 1) {
    const breaksAt = candidates[guess]!;
    const prefix = prefixUntil(history, breaksAt.returnedAt);
    const result = searchOrder(prefix, model, new MemoryBudget(maxMemoBytes));
    if (result.found === 'dead end') {
      best = { breaksAt, deadEnd: result.deadEnd };
      to = guess;
    } else {
      from = guess + 1;
    }
  }
  const { blocked, order, state } = best.deadEnd;
  const endsWithIt = blocked.returnedAt === best.breaksAt.returnedAt;
  return { breaksAt: endsWithIt ? blocked : best.breaksAt, order, state, unexplained: blocked };
}
