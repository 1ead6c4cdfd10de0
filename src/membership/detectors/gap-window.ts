import type { Milliseconds } from '../../vocabulary.ts';

/** Twenty seconds of beats: long enough to know what is usual, short enough to learn it anew. */
export const MAX_GAPS = 100;

/** The last times between two beats. */
export class GapWindow {
  private readonly kept: Milliseconds[] = [];
  private moments: { readonly mean: Milliseconds; readonly deviation: Milliseconds } | null = null;
  private sorted: readonly Milliseconds[] | null = null;

  add(gap: Milliseconds): void {
    this.kept.push(gap);
    if (this.kept.length > MAX_GAPS) this.kept.shift();
    this.moments = null;
    this.sorted = null;
  }

  /** Oldest first. */
  get gaps(): readonly Milliseconds[] {
    return this.kept;
  }

  /** Null as long as there is none. */
  get expected(): { readonly mean: Milliseconds; readonly deviation: Milliseconds } | null {
    const { kept } = this;
    if (kept.length === 0) return null;
    if (this.moments === null) {
      const mean = kept.reduce((sum, gap) => sum + gap, 0) / kept.length;
      const variance = kept.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / kept.length;
      this.moments = { mean, deviation: Math.sqrt(variance) };
    }
    return this.moments;
  }

  /**
   * By nearest rank: the smallest kept gap that so large a share of them does not exceed. Null as long
   * as there is none.
   */
  percentile(share: number): Milliseconds | null {
    const { kept } = this;
    if (kept.length === 0) return null;
    this.sorted ??= kept.toSorted((a, b) => a - b);
    return this.sorted[Math.ceil(share * kept.length) - 1]!;
  }
}
