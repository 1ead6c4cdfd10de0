import { EntryList, type Entry } from './entries.ts';
import type { History, Operation } from './history.ts';
import { Memo, type MemoryBudget } from './memo.ts';
import type { Model } from './models.ts';
import { unwantedOf } from './unwanted.ts';

/** Where a search got stuck: every order of the history runs into some return too early. */
export interface DeadEnd<State, Action> {
  /** The operation whose return no order got past. All that returned before it can be ordered. */
  readonly blocked: Operation<Action>;
  /** The longest order found that got as far as that. */
  readonly order: readonly Operation<Action>[];
  /** What it leaves. */
  readonly state: State;
}

export type SearchResult<State, Action> =
  | { readonly found: 'order' }
  | { readonly found: 'dead end'; readonly deadEnd: DeadEnd<State, Action> }
  | { readonly found: 'nothing yet' };

/**
 * Looks for an order of the operations of one partition that explains what every client saw: Wing and
 * Gong's search with Lowe's memory.
 *
 * - Which operation may come next? Any that was called before the first return that is left: walk the
 *   list up to there, and take one that the model can follow.
 * - None? Then the operation of that return had to come before it and did not. Undo the last choice,
 *   and go on behind it.
 *
 * The same operations in another order often leave the same state. From there the future is the same
 * too, so what was tried once is never tried again.
 *
 * Many writes at once would still leave every subset of them to try. But most are never read. One that
 * nobody can have read is of no use where it stands, so it is put where it is in nobody's way, directly
 * before the next operation that overwrites what it left: all such at once, and in no other way. If its
 * outcome is unknown it is left out.
 */
export function searchOrder<State, Action>(
  history: History<Action>,
  model: Model<State, Action>,
  budget: MemoryBudget,
): SearchResult<State, Action> {
  const search = new Search(history, model, budget);
  let from = search.list.first;
  while (search.missing > 0) {
    if (budget.isSpent()) return { found: 'nothing yet' };
    if (search.goOn(from)) {
      from = search.list.first;
      continue;
    }
    search.noteDeadEnd();
    const undone = search.goBack();
    if (undone === undefined) return { found: 'dead end', deadEnd: search.deadEnd! };
    from = undone.next;
  }
  return { found: 'order' };
}

interface Choice<State, Action> {
  readonly call: Entry<Action>;
  /** What this choice overwrites unseen, in order before it. */
  readonly hidden: readonly Entry<Action>[];
  readonly before: State;
}

class Search<State, Action> {
  readonly list: EntryList<Action>;
  /** Operations of known outcome that are not in order yet. */
  missing: number;
  deadEnd: DeadEnd<State, Action> | undefined;
  private readonly model: Model<State, Action>;
  private readonly memo: Memo<State, Action>;
  private readonly chosen: Choice<State, Action>[] = [];
  private readonly unwanted: ReadonlySet<Operation<Action>>;
  private state: State;

  constructor(history: History<Action>, model: Model<State, Action>, budget: MemoryBudget) {
    this.unwanted = unwantedOf(history, model);
    this.list = new EntryList(
      history.filter((each) => each.outcome !== 'unknown' || !this.unwanted.has(each)),
    );
    this.model = model;
    this.memo = new Memo(model, this.list, budget);
    this.missing = this.list.settled;
    this.state = model.initial;
  }

  /** Puts one more operation in order, trying those from `from` on; `false` if none leads on. */
  goOn(from: Entry<Action> | undefined): boolean {
    if (from === this.list.first) {
      const observation = this.findObservation();
      if (observation !== undefined) return this.tryNext(observation, [], this.state);
    }
    const unwanted = this.findUnwanted();
    // While an operation is missing, its return is in the list and ends the walk.
    for (let entry = from!; entry.isCall; entry = entry.next!) {
      const { operation } = entry;
      // Which of them comes last makes no difference: nobody meets what it leaves.
      if (this.unwanted.has(operation) && entry !== unwanted[0]) continue;
      const after = this.model.step(this.state, operation);
      if (after === undefined) continue;
      const hidden = this.model.overwrites(operation)
        ? unwanted.filter((each) => each !== entry)
        : [];
      if (this.tryNext(entry, hidden, after)) return true;
    }
    return false;
  }

  /** Undoes choices back to one that may have an alternative; `undefined` if there is none. */
  goBack(): Entry<Action> | undefined {
    for (let last = this.chosen.pop(); last !== undefined; last = this.chosen.pop()) {
      this.memo.undo(last.call, last.hidden);
      for (const each of [...last.hidden, last.call].reverse()) {
        this.list.lower(each);
        if (isSettled(each)) this.missing += 1;
      }
      this.state = last.before;
      if (!this.model.isObservation(last.call.operation)) return last.call;
    }
    return undefined;
  }

  /** The first return in the list is one that this order cannot get past. */
  noteDeadEnd(): void {
    let entry = this.list.first!;
    while (entry.isCall) entry = entry.next!;
    const { operation } = entry;
    const best = this.deadEnd;
    const length = this.chosen.reduce((sum, { hidden }) => sum + hidden.length + 1, 0);
    const isFarther =
      best === undefined ||
      operation.returnedAt > best.blocked.returnedAt ||
      (operation === best.blocked && length > best.order.length);
    if (!isFarther) return;
    const order = this.chosen.flatMap(({ call, hidden }) =>
      [...hidden, call].map((each) => each.operation),
    );
    this.deadEnd = { blocked: operation, order, state: this.state };
  }

  /**
   * What was seen by one that changes nothing, such as a read, is best explained as soon as it can be:
   * later it would explain no more, and it is in nobody's way.
   */
  private findObservation(): Entry<Action> | undefined {
    for (let entry = this.list.first!; entry.isCall; entry = entry.next!) {
      const { operation } = entry;
      if (!isSettled(entry) || !this.model.isObservation(operation)) continue;
      if (this.model.step(this.state, operation) !== undefined) return entry;
    }
    return undefined;
  }

  /** The settled ones that may come next and whose result nobody meets. */
  private findUnwanted(): readonly Entry<Action>[] {
    if (this.unwanted.size === 0) return [];
    const found: Entry<Action>[] = [];
    for (let entry = this.list.first!; entry.isCall; entry = entry.next!) {
      if (this.unwanted.has(entry.operation)) found.push(entry);
    }
    return found;
  }

  private tryNext(call: Entry<Action>, hidden: readonly Entry<Action>[], after: State): boolean {
    if (!this.memo.take(call, hidden, this.state, after)) return false;
    this.chosen.push({ call, hidden, before: this.state });
    for (const each of [...hidden, call]) {
      this.list.lift(each);
      if (isSettled(each)) this.missing -= 1;
    }
    this.state = after;
    return true;
  }
}

function isSettled<Action>({ operation }: Entry<Action>): boolean {
  return operation.outcome !== 'unknown';
}
