/** A percentile is wrong by at most this share of itself: nobody sees a hundredth on a screen. */
export const RELATIVE_ERROR = 0.01;

/** Nearer to 0 than this (a nanosecond, if the unit is a millisecond) counts as 0. */
const SMALLEST = 1e-6;

/** Beyond this (three centuries) values are taken to be no further away. */
const LARGEST = 1e13;

// eslint-disable-next-line no-restricted-properties -- reason: a last bit more or less shows in no percentile, and no run depends on one
const naturalLog = Math.log;

const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = naturalLog(GROWTH);
const OFFSET = Math.ceil(naturalLog(SMALLEST) / LOG_GROWTH) - 1;

/** Buckets of each sign, and one for 0: the most that is ever kept is twice this and one. */
export const MAX_BUCKETS = Math.ceil(naturalLog(LARGEST) / LOG_GROWTH) - OFFSET;

/**
 * How values are spread, in bounded memory however many there are: buckets whose bounds grow by a
 * fixed factor, as in DDSketch. Percentiles are right to `RELATIVE_ERROR`; least and most are exact.
 */
export class LogHistogram {
  /** By number: the sign is the value's, the size says how large it is. */
  private readonly buckets = new Map<number, number>();
  private total = 0;
  private least = Infinity;
  private most = -Infinity;

  add(value: number): void {
    this.total += 1;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
    const bucket = bucketOf(value);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1);
  }

  /** As if all that the other has seen had been added here. */
  merge(other: LogHistogram): void {
    this.total += other.total;
    this.least = Math.min(this.least, other.least);
    this.most = Math.max(this.most, other.most);
    for (const [bucket, count] of other.buckets) {
      this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + count);
    }
  }

  get count(): number {
    return this.total;
  }

  /** `Infinity` while it is empty. */
  get min(): number {
    return this.least;
  }

  /** `-Infinity` while it is empty. */
  get max(): number {
    return this.most;
  }

  /**
   * Of each share, the value that this share of all does not exceed, by the nearest rank. NaN while
   * it is empty.
   *
   * @param shares from 0 to 1, rising
   */
  percentiles(shares: readonly number[]): number[] {
    const sorted = [...this.buckets].sort(([a], [b]) => a - b);
    let passed = 0;
    let at = -1;
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.total));
      while (passed < rank && at + 1 < sorted.length) passed += sorted[++at]![1];
      return at < 0 ? NaN : this.within(middleOf(sorted[at]![0]));
    });
  }

  private within(value: number): number {
    return Math.min(this.most, Math.max(this.least, value));
  }
}

function bucketOf(value: number): number {
  const size = Math.min(Math.abs(value), LARGEST);
  if (size < SMALLEST) return 0;
  return Math.sign(value) * (Math.ceil(naturalLog(size) / LOG_GROWTH) - OFFSET);
}

/** The value that no value of the bucket differs from by more than the error. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const upper = GROWTH ** (Math.abs(bucket) + OFFSET);
  return (Math.sign(bucket) * 2 * upper) / (GROWTH + 1);
}
