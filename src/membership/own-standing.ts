import type { Incarnation } from '../vocabulary.ts';
import { MAX_REFUTATIONS, type Claim } from './claims.ts';

/** What this node claims of itself. Nobody else can raise either number. */
export class OwnStanding {
  readonly life: Incarnation;
  refutation = 0;
  state: 'alive' | 'left' = 'alive';

  constructor(life: Incarnation) {
    this.life = life;
  }

  /**
   * Others claim that this node is suspect, dead or gone. If that is news, it is contradicted by a
   * refutation that outranks it; says whether it was.
   */
  contradict({ state, life, refutation }: Claim): boolean {
    if (this.state === 'left' || state === 'alive') return false;
    if (life !== this.life || refutation < this.refutation) return false;
    this.refutation = Math.min(refutation + 1, MAX_REFUTATIONS);
    return true;
  }

  leave(): void {
    this.state = 'left';
  }

  /** It had left, and a link opens again. Whoever holds it for gone says so, and is contradicted. */
  comeBack(): void {
    this.state = 'alive';
  }
}
