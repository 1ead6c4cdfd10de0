import type { Milliseconds } from '../vocabulary.ts';

/** One call that is due at a moment. It is handed back to cancel it. */
export interface Timer {
  readonly deadline: Milliseconds;
  readonly callback: () => void;
  /** Rises with every timer of a queue: equal deadlines are called in the order they were made. */
  readonly order: number;
  /** Where it stands in the heap; -1 once it is out. Kept by the queue. */
  position: number;
}

const OUT = -1;

/**
 * What is due when: a binary heap, the earliest deadline on top. Adding, taking and cancelling cost
 * O(log n), and a cancelled timer leaves at once, so the queue holds nothing but what will be called.
 * It reads no clock: who owns it says what time it is.
 */
export class TimerQueue {
  private readonly heap: Timer[] = [];
  private made = 0;

  get size(): number {
    return this.heap.length;
  }

  get nextDeadline(): Milliseconds | null {
    return this.heap[0]?.deadline ?? null;
  }

  add(deadline: Milliseconds, callback: () => void): Timer {
    const timer = { deadline, callback, order: ++this.made, position: OUT };
    this.heap.push(timer);
    this.rise(timer, this.heap.length - 1);
    return timer;
  }

  /** Does nothing to a timer that was called or cancelled already. */
  cancel(timer: Timer): void {
    if (timer.position === OUT) return;
    this.remove(timer);
  }

  /** Takes out the next timer due at `now`, or undefined if there is none. */
  takeDue(now: Milliseconds): Timer | undefined {
    const first = this.heap[0];
    if (first === undefined || first.deadline > now) return undefined;
    this.remove(first);
    return first;
  }

  /**
   * Calls all that is due at `now`, in order. What a call adds waits for the next run, so a timer
   * that renews itself without delay cannot hold the caller for ever.
   *
   * @param now not before any `now` that a timer was added at, so what is added sorts behind
   */
  runDue(now: Milliseconds): void {
    const newest = this.made;
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.deadline > now || first.order > newest) return;
      this.remove(first);
      first.callback();
    }
  }

  clear(): void {
    for (const timer of this.heap) timer.position = OUT;
    this.heap.length = 0;
  }

  private remove(timer: Timer): void {
    const gap = timer.position;
    timer.position = OUT;
    const last = this.heap.pop()!;
    if (last === timer) return;
    if (gap > 0 && isBefore(last, this.heap[(gap - 1) >> 1]!)) this.rise(last, gap);
    else this.sink(last, gap);
  }

  /** Puts `timer` at `from` or as far above as its deadline asks for. */
  private rise(timer: Timer, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, this.heap[parent]!)) break;
      this.place(this.heap[parent]!, at);
      at = parent;
    }
    this.place(timer, at);
  }

  /** Puts `timer` at `from` or as far below as its deadline asks for. */
  private sink(timer: Timer, from: number): void {
    const { heap } = this;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, timer)) break;
      this.place(heap[child]!, at);
      at = child;
    }
    this.place(timer, at);
  }

  private place(timer: Timer, at: number): void {
    this.heap[at] = timer;
    timer.position = at;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.order < b.order);
}
