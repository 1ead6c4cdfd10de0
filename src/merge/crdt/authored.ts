import { endOf, type Run, type Sliceable } from './run.ts';

/** What one replica has put into a sequence: where each element is, and which operation brought it. */
export class Authored<Content extends Sliceable<Content>> {
  /** Elements so far: the clock of the next one. */
  length = 0;
  /** Rising by clock. */
  private readonly runs: Run<Content>[] = [];
  private readonly numbers: number[] = [];
  /** The clock of the first element of each of those operations. */
  private readonly starts: number[] = [];

  /** The newest operation that put something in; 0 if there is none. */
  get newest(): number {
    return this.numbers.at(-1) ?? 0;
  }

  /** An operation has put in a new run, after all others by its clock. */
  note(number: number, run: Run<Content>): void {
    this.numbers.push(number);
    this.starts.push(this.length);
    this.runs.push(run);
    this.length = endOf(run);
  }

  /** The run that holds the element; null where there is no such element. */
  find(clock: number): Run<Content> | null {
    if (clock >= this.length) return null;
    return this.runs[this.place(clock)]!;
  }

  /** A run was cut in two: the second part is known from now on. */
  addCut(second: Run<Content>): void {
    this.runs.splice(this.place(second.clock) + 1, 0, second);
  }

  /** A run was joined to the one before it. */
  forget(second: Run<Content>): void {
    this.runs.splice(this.place(second.clock), 1);
  }

  /** Which operation brought the element, and the how manieth of that operation's it is. */
  originOf(clock: number): { readonly number: number; readonly index: number } {
    const at = lastAtMost(clock, this.starts.length, (i) => this.starts[i]!);
    return { number: this.numbers[at]!, index: clock - this.starts[at]! };
  }

  private place(clock: number): number {
    return lastAtMost(clock, this.runs.length, (i) => this.runs[i]!.clock);
  }
}

/** The last of `count` rising numbers that is not above `limit`; the first of them is not. */
function lastAtMost(limit: number, count: number, numberAt: (i: number) => number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numberAt(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
