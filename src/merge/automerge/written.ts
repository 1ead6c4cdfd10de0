import type { Atom } from '../engine.ts';
import type { IntentId } from '../intent.ts';

/** What one intent has written: so many operations of its author's, from the one numbered `from` on. */
export interface Written {
  readonly intent: IntentId;
  readonly from: number;
  readonly count: number;
  /** Which of them are characters of two UTF-16 units: Automerge numbers characters, an intent units. */
  readonly wide: readonly number[];
}

/** Whose Automerge's operations are. */
export class WrittenOps {
  /** By actor; the first operations first. */
  private readonly byActor = new Map<string, Written[]>();

  add(actor: string, written: Written): void {
    if (written.count === 0) return;
    const all = this.byActor.get(actor) ?? [];
    this.byActor.set(actor, all);
    let at = all.length;
    while (at > 0 && all[at - 1]!.from > written.from) at -= 1;
    all.splice(at, 0, written);
  }

  /** @param id as Automerge writes it: `number@actor`; nothing for what is of no known intent */
  atomsOf(id: string): Atom[] {
    const at = id.indexOf('@');
    const number = Number(id.slice(0, at));
    const all = this.byActor.get(id.slice(at + 1)) ?? [];
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.from <= number) low = middle + 1;
      else high = middle;
    }
    const found = all[low - 1];
    if (found === undefined || number >= found.from + found.count) return [];
    const { intent, from, wide } = found;
    const nth = number - from;
    const index = nth + wide.filter((each) => each < nth).length;
    return wide.includes(nth) ? [{ intent, index }, { intent, index: index + 1 }] : [{ intent, index }]; // prettier-ignore
  }
}
