import type { History, Operation } from './history.ts';

/** A call or a return: one entry of the list of what is not yet in order. */
export interface Entry<Action> {
  readonly operation: Operation<Action>;
  /** Counts the operations of known outcome, and those of unknown outcome, each from 0. */
  readonly index: number;
  readonly isCall: boolean;
  /** Of a call: the return of the same operation. One of unknown outcome has none. */
  readonly itsReturn: Entry<Action> | undefined;
  /**
   * Of a call of unknown outcome: the last one before it that asks for the very same. Whatever the
   * later one can explain, the earlier one can, so it is enough to try them in this order.
   */
  readonly twin: Entry<Action> | undefined;
  previous: Entry<Action> | undefined;
  next: Entry<Action> | undefined;
}

const blank = { itsReturn: undefined, twin: undefined, previous: undefined, next: undefined };

/**
 * The calls and returns of a history in the order in which they happened, as a doubly linked list:
 * an operation that is put in order is lifted out, and goes back to its place when that turns out
 * wrong, both in constant time. Lifting and lowering must nest, the last lifted being lowered first.
 */
export class EntryList<Action> {
  /** Operations of known outcome: all of these must find their place. */
  readonly settled: number = 0;
  /** Operations of unknown outcome: these may find one. */
  readonly unknown: number = 0;
  first: Entry<Action> | undefined;

  constructor(history: History<Action>) {
    const entries: Entry<Action>[] = [];
    const twins = new Map<string, Entry<Action>>();
    for (const operation of [...history].sort((a, b) => a.calledAt - b.calledAt)) {
      if (operation.outcome === 'unknown') {
        const asked = JSON.stringify(operation.action);
        const twin = twins.get(asked);
        const call = { ...blank, operation, index: this.unknown++, isCall: true, twin };
        twins.set(asked, call);
        entries.push(call);
      } else {
        const common = { ...blank, operation, index: this.settled++ };
        const itsReturn = { ...common, isCall: false };
        entries.push({ ...common, isCall: true, itsReturn }, itsReturn);
      }
    }
    entries.sort(byInstant);
    for (const [i, entry] of entries.entries()) {
      entry.previous = entries[i - 1];
      entry.next = entries[i + 1];
    }
    this.first = entries[0];
  }

  lift(call: Entry<Action>): void {
    this.unlink(call);
    if (call.itsReturn !== undefined) this.unlink(call.itsReturn);
  }

  lower(call: Entry<Action>): void {
    if (call.itsReturn !== undefined) this.relink(call.itsReturn);
    this.relink(call);
  }

  private unlink({ previous, next }: Entry<Action>): void {
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
  }

  private relink(entry: Entry<Action>): void {
    if (entry.previous === undefined) this.first = entry;
    else entry.previous.next = entry;
    if (entry.next !== undefined) entry.next.previous = entry;
  }
}

/**
 * At one instant calls come first: if nobody can tell which of two operations came first, then they
 * were concurrent.
 */
function byInstant<Action>(a: Entry<Action>, b: Entry<Action>): number {
  return instant(a) - instant(b) || Number(b.isCall) - Number(a.isCall);
}

function instant<Action>({ isCall, operation }: Entry<Action>): number {
  return isCall ? operation.calledAt : operation.returnedAt;
}
