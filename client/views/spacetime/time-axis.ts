import { firstIndex } from '../../../src/trace/by-time.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** A quiet stretch that is drawn folded: however long it was, it is as wide as any other. */
export interface Fold {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

/** Wide enough for a zigzag and for its length in words above it. */
export const FOLD_PX = 56;

/** What is seen: which moment is at the right edge, and how much time a pixel is. */
export interface View {
  readonly right: Milliseconds;
  readonly msPerPx: number;
}

/** A message over a LAN is then as wide as the screen: nothing smaller happened. */
export const MIN_MS_PER_PX = 0.01;

/** A lesson of an hour and a half fits a screen. */
export const MAX_MS_PER_PX = 5_000;

/** Where on the screen a moment is, and which moment is where, with the folds left out. */
export class TimeAxis {
  readonly view: View;
  /** Where the right edge is. */
  readonly rightX: number;
  private readonly folds: readonly Fold[];
  /** How far each fold ends from the first one's beginning. */
  private readonly ends: readonly number[];

  /** @param folds the earliest first, not touching each other */
  constructor(folds: readonly Fold[], view: View, rightX: number) {
    this.folds = folds;
    this.view = view;
    this.rightX = rightX;
    let end = 0;
    this.ends = folds.map(({ from }, i) => {
      const before = folds[i - 1];
      if (before !== undefined) end += (from - before.to) / view.msPerPx;
      return (end += FOLD_PX);
    });
  }

  xOf(time: Milliseconds): number {
    const { folds, rightX, view } = this;
    if (folds.length === 0) return rightX + (time - view.right) / view.msPerPx;
    return rightX + this.placeOf(time) - this.placeOf(view.right);
  }

  timeAt(x: number): Milliseconds {
    const { folds, ends } = this;
    const { msPerPx } = this.view;
    if (folds.length === 0) return this.view.right + (x - this.rightX) * msPerPx;
    const place = x - this.rightX + this.placeOf(this.view.right);
    const index = firstIndex(folds.length, (i) => ends[i]! > place);
    const fold = folds[index];
    if (fold === undefined) return folds.at(-1)!.to + (place - ends.at(-1)!) * msPerPx;
    const into = place - (ends[index]! - FOLD_PX);
    if (into < 0) return fold.from + into * msPerPx;
    return fold.from + (into / FOLD_PX) * (fold.to - fold.from);
  }

  /** Those that can be seen between two places. */
  foldsBetween(leftX: number, rightX: number): readonly Fold[] {
    const [from, to] = [this.timeAt(leftX), this.timeAt(rightX)];
    const first = firstIndex(this.folds.length, (i) => this.folds[i]!.to > from);
    const end = firstIndex(this.folds.length, (i) => this.folds[i]!.from >= to);
    return this.folds.slice(first, end);
  }

  /** The view that has moved by so many pixels: to the past if they are positive. */
  movedBy(px: number): View {
    return { ...this.view, right: this.timeAt(this.rightX - px) };
  }

  /** The view with another scale, in which the moment at `x` stays where it is. */
  zoomedAt(x: number, factor: number): View {
    const msPerPx = Math.min(MAX_MS_PER_PX, Math.max(MIN_MS_PER_PX, this.view.msPerPx * factor));
    const held = this.timeAt(x);
    const after = new TimeAxis(this.folds, { right: held, msPerPx }, x);
    return { msPerPx, right: after.timeAt(this.rightX) };
  }

  /** In pixels from where the first fold begins. */
  private placeOf(time: Milliseconds): number {
    const { folds, ends } = this;
    const { msPerPx } = this.view;
    const index = firstIndex(folds.length, (i) => folds[i]!.to > time);
    const fold = folds[index];
    if (fold === undefined) return ends.at(-1)! + (time - folds.at(-1)!.to) / msPerPx;
    const start = ends[index]! - FOLD_PX;
    if (time <= fold.from) return start + (time - fold.from) / msPerPx;
    return start + (FOLD_PX * (time - fold.from)) / (fold.to - fold.from);
  }
}
