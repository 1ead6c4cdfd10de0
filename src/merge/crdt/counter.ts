import { compareDots, type Dot } from '../dot.ts';
import { keyOf, type Replica, type ReplicaKey } from '../intent.ts';
import { VersionVector } from './version-vector.ts';

export interface CounterChange {
  readonly dot: Dot;
  /** May be negative. */
  readonly by: number;
}

/** What one replica has counted, up and down apart: so both only ever rise, and the higher is the newer. */
interface Tally {
  up: number;
  down: number;
}

/**
 * A PN-counter: each replica counts for itself, and the sum of all is what people see. Increments
 * that did not know of each other are both in it, because nobody ever writes into another's tally.
 *
 * Changes come in causal order, once or more often.
 */
export class Counter {
  private readonly tallies = new Map<ReplicaKey, Tally>();
  private readonly counted: Dot[] = [];
  private readonly seen = new VersionVector();

  apply({ dot, by }: CounterChange): void {
    if (!this.seen.add(dot)) return;
    const tally = this.tallyOf(dot.author);
    if (by >= 0) tally.up += by;
    else tally.down -= by;
    this.counted.push(dot);
  }

  /**
   * Summed up in one order everywhere: beyond 2^53, where numbers are rounded, the order of a sum
   * is seen in its result.
   */
  get value(): number {
    const replicas = Array.from(this.tallies.keys()).sort();
    const tallies = replicas.map((replica) => this.tallies.get(replica)!);
    const up = tallies.reduce((sum, tally) => sum + tally.up, 0);
    const down = tallies.reduce((sum, tally) => sum + tally.down, 0);
    return up - down;
  }

  /** Every increment that is in the value, in the order of their dots. */
  get increments(): readonly Dot[] {
    return Array.from(this.counted).sort(compareDots);
  }

  private tallyOf(author: Replica): Tally {
    const key = keyOf(author);
    let tally = this.tallies.get(key);
    if (tally === undefined) this.tallies.set(key, (tally = { up: 0, down: 0 }));
    return tally;
  }
}
