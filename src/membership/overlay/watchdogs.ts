import type { Milliseconds } from '../../vocabulary.ts';

/** Without any link for so long, a node begins anew with all that it knows; then less and less often. */
export const ISOLATED_MS: Milliseconds = 3_000;
const LONGEST_ISOLATED_MS: Milliseconds = 24_000;

/** Barks when a node has had no link for too long, and then again and again, ever later. */
export class IsolationWatch {
  private since: Milliseconds | null = null;
  private patienceMs = ISOLATED_MS;

  /** @returns whether it is time to begin anew */
  look(isolated: boolean, now: Milliseconds): boolean {
    if (!isolated) {
      this.since = null;
      this.patienceMs = ISOLATED_MS;
      return false;
    }
    this.since ??= now;
    if (now - this.since < this.patienceMs) return false;
    this.since = now;
    this.patienceMs = Math.min(LONGEST_ISOLATED_MS, 2 * this.patienceMs);
    return true;
  }
}

/** By then all neighbours have said whom they follow, so who is still its own root is one. */
export const ISLAND_AFTER_MS: Milliseconds = 1_500;

/** How often the root of an island calls one of those who should be its root, on average. */
export const PROBE_MS: Milliseconds = 2_000;

/** Barks at the root of an island; and at each of its other nodes so seldom that all of them together do as much. */
export class IslandWatch {
  private readonly random: () => number;
  private lookedAt: Milliseconds = -Infinity;
  private waitMs: Milliseconds = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  /**
   * @param watching how many nodes look out: the root alone, or all
   * @returns whether it is this one's turn to call somebody
   */
  look(watching: number, now: Milliseconds): boolean {
    if (now - this.lookedAt < this.waitMs * watching) return false;
    const first = this.lookedAt === -Infinity;
    this.lookedAt = now;
    this.waitMs = PROBE_MS * (0.5 + this.random());
    return watching === 1 || !first;
  }
}
