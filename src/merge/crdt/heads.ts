import { compareDots, type Dot } from '../dot.ts';
import { idOf, type IntentId } from '../intent.ts';

/**
 * The newest changes that no other has built upon: whoever has them has all that came before. So they
 * say in a few bytes what a change depends on, where a whole version vector would name everybody.
 */
export class Heads {
  private readonly newest = new Map<IntentId, Dot>();

  /** @param past the heads as its author had them */
  add(dot: Dot, past: readonly Dot[]): void {
    for (const before of past) this.newest.delete(idOf(before));
    this.newest.set(idOf(dot), dot);
  }

  get dots(): readonly Dot[] {
    return Array.from(this.newest.values()).sort(compareDots);
  }
}
