/** One measured figure of ours beside the same figure of a baseline, taken in the same run. */
export interface Row {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline: number;
  /** value / baseline */
  readonly ratio: number;
  /** What the ratio, or the value itself, has to keep to; null for a figure that is only told. */
  readonly bar: Bar | null;
  readonly met: boolean;
}

/**
 * A ratio, because machines differ. `under` is a bound on our own figure, for what a person waits
 * for: there only the machine in front of them counts.
 */
export type Bar =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  /** The ratio is 1, but for this share. */
  | { readonly within: number }
  | { readonly under: number };

/** A file `*.bench.ts` exports `name` and `run`. */
export interface Section {
  readonly name: string;
  /** @param tell prints a line above the table: what is no ratio, such as a plot */
  run(tell: (line: string) => void): Promise<Row[]>;
}

export function compare(
  figure: string,
  unit: string,
  { ours, baseline }: { ours: readonly number[]; baseline: readonly number[] },
  bar: Bar | null,
): Row {
  const value = median(ours);
  const measured = median(baseline);
  const ratio = value / measured;
  return { figure, unit, value, baseline: measured, ratio, bar, met: keeps(value, ratio, bar) };
}

function keeps(value: number, ratio: number, bar: Bar | null): boolean {
  if (bar === null) return true;
  if ('under' in bar) return value < bar.under;
  if ('within' in bar) return Math.abs(ratio - 1) <= bar.within;
  return 'atLeast' in bar ? ratio >= bar.atLeast : ratio <= bar.atMost;
}

/** The middle one, which one slow run does not move. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('no run, no median');
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}
