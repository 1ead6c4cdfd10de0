import { compareDots, type Dot } from '../dot.ts';
import { idOf, type IntentId } from '../intent.ts';
import { VersionVector } from './version-vector.ts';

export interface RegisterChange<Value> {
  readonly dot: Dot;
  /** Which siblings the author saw, and replaces. */
  readonly replaces: readonly Dot[];
  /** Absent where they are taken away and nothing stands in their place. */
  readonly value?: Value;
}

export interface Sibling<Value> {
  readonly dot: Dot;
  readonly value: Value;
}

/**
 * A multi-value register: a cell that keeps all values which were written without knowing of each
 * other. A write replaces what its author saw. What it did not see stays beside it as a sibling.
 *
 * Changes come in causal order, once or more often.
 */
export class Register<Value> {
  private readonly values = new Map<IntentId, Sibling<Value>>();
  private readonly seen = new VersionVector();

  /** Writes over all that stands here now. Nothing happens until it is applied. */
  setting(dot: Dot, value: Value): RegisterChange<Value> {
    return { dot, replaces: this.dots, value };
  }

  /** Takes away all that stands here now. */
  clearing(dot: Dot): RegisterChange<Value> {
    return { dot, replaces: this.dots };
  }

  apply({ dot, replaces, value }: RegisterChange<Value>): void {
    if (!this.seen.add(dot)) return;
    for (const replaced of replaces) this.values.delete(idOf(replaced));
    if (value !== undefined) this.values.set(idOf(dot), { dot, value });
  }

  /** None, one, or those that stand in conflict; in the order of their dots. */
  get siblings(): readonly Sibling<Value>[] {
    return Array.from(this.values.values()).sort((a, b) => compareDots(a.dot, b.dot));
  }

  private get dots(): readonly Dot[] {
    return this.siblings.map(({ dot }) => dot);
  }
}
