import type { Replica } from './intent.ts';
import type { Operation } from './engine.ts';

/** One operation, and where it stands among its author's. */
export interface Numbered {
  /** That of its intent. */
  readonly number: number;
  /**
   * The number of its author's operation before it; 0 for the first. Numbers have gaps, for an intent
   * that found nothing to do has no operation; by this one knows whether anything is missing between.
   */
  readonly after: number;
  readonly operation: Operation;
}

/** The operations of one replica: a row without a gap from the first on, and what came early. */
export class ReplicaLog {
  readonly author: Replica;
  private readonly row: Numbered[] = [];
  /** By the number that they come after. */
  private readonly early = new Map<number, Numbered>();

  constructor(author: Replica) {
    this.author = author;
  }

  /** All up to this number are here. */
  get upTo(): number {
    return this.row.at(-1)?.number ?? 0;
  }

  /** The highest number that is here. */
  get newest(): number {
    return Math.max(this.upTo, ...Array.from(this.early.values(), ({ number }) => number));
  }

  /** Of one that is not here yet: does it contradict what its author said before? */
  contradicts({ after }: Pick<Numbered, 'after'>): boolean {
    return after < this.upTo || this.early.has(after);
  }

  /** One that is not here yet, and contradicts nothing. */
  add(next: Numbered): void {
    this.early.set(next.after, next);
    for (let due = this.nextInRow(); due !== undefined; due = this.nextInRow()) {
      this.early.delete(due.after);
      this.row.push(due);
    }
  }

  /** Those with a higher number than that, rising. */
  since(number: number): readonly Numbered[] {
    const early = [...this.early.values()].sort((a, b) => a.number - b.number);
    return [
      ...this.row.slice(this.placeAfter(number)),
      ...early.filter((held) => held.number > number),
    ];
  }

  private nextInRow(): Numbered | undefined {
    return this.early.get(this.upTo);
  }

  /** How many of the row have that number or a lower one. */
  private placeAfter(number: number): number {
    let low = 0;
    let high = this.row.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.row[middle]!.number <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
