import type { Entry, EntryList } from './entries.ts';
import { LinearizedSet } from './linearized-set.ts';
import type { Model } from './models.ts';

/** What one remembered configuration or state costs beside its text: an entry of a hash table, a header. */
const BYTES_PER_ENTRY = 64;
const BYTES_PER_CHARACTER = 2;

/** How much a check may remember. As every step that leads on is remembered, it bounds the work too. */
export class MemoryBudget {
  private bytesLeft: number;

  constructor(bytes: number) {
    this.bytesLeft = bytes;
  }

  charge(text: string): void {
    this.bytesLeft -= BYTES_PER_ENTRY + BYTES_PER_CHARACTER * text.length;
  }

  isSpent(): boolean {
    return this.bytesLeft < 0;
  }
}

/**
 * The configurations that a search has seen: which operations are in order, and the state that they
 * leave. Both are needed: the same operations leave another state in another order.
 */
export class Memo<State, Action> {
  private readonly model: Model<State, Action>;
  private readonly budget: MemoryBudget;
  /** Apart, so that one that stays open for ever does not make every key long. */
  private readonly settled: LinearizedSet;
  private readonly unknown: LinearizedSet;
  private readonly seen = new Set<string>();
  /** States are long and configurations many, so each state is kept once, under a number. */
  private readonly states = new Map<string, number>();

  constructor(model: Model<State, Action>, list: EntryList<Action>, budget: MemoryBudget) {
    this.model = model;
    this.budget = budget;
    this.settled = new LinearizedSet(list.settled);
    this.unknown = new LinearizedSet(list.unknown);
  }

  /**
   * Takes the operation of `call` into the set, and those of `hidden` before it, unless that leads
   * nowhere new: `false` then, and nothing has changed.
   *
   * @param hidden settled ones
   */
  take(
    call: Entry<Action>,
    hidden: readonly Entry<Action>[],
    before: State,
    after: State,
  ): boolean {
    if (call.operation.outcome === 'unknown') {
      // What may be left out and changes nothing is left out.
      if (this.stateId(after) === this.stateId(before)) return false;
      if (call.twin !== undefined && !this.unknown.has(call.twin.index)) return false;
    }
    for (const each of hidden) this.settled.add(each.index);
    this.setOf(call).add(call.index);
    const key = `${this.stateId(after)}:${this.unknown.key()}:${this.settled.key()}`;
    if (this.seen.has(key)) {
      this.undo(call, hidden);
      return false;
    }
    this.seen.add(key);
    this.budget.charge(key);
    return true;
  }

  undo(call: Entry<Action>, hidden: readonly Entry<Action>[]): void {
    this.setOf(call).delete(call.index);
    for (const each of hidden) this.settled.delete(each.index);
  }

  private setOf({ operation }: Entry<Action>): LinearizedSet {
    return operation.outcome === 'unknown' ? this.unknown : this.settled;
  }

  private stateId(state: State): number {
    const identity = this.model.identity(state);
    let id = this.states.get(identity);
    if (id === undefined) {
      id = this.states.size;
      this.states.set(identity, id);
      this.budget.charge(identity);
    }
    return id;
  }
}
