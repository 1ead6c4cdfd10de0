/** Numbers without a gap, both ends included. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** Which numbers from 1 on are in: all up to `upTo`, and those of the runs beyond it. */
export interface Heard {
  readonly upTo: number;
  /** Rising, and no two of them meet. */
  readonly beyond: readonly Run[];
}

/**
 * Gaps that one life of one origin may have at once. Gaps come from links that lose or broke; the
 * next comparison fills them, so there are few. What would open one more is not taken, and comes again.
 */
export const MAX_GAPS = 64;

/** A set of numbers that mostly come in their order: a watermark, and a list of what came early. */
export class Sequences implements Heard {
  private readonly maxGaps: number;
  private readonly runs: Run[] = [];
  private watermark = 0;

  constructor(maxGaps = MAX_GAPS) {
    this.maxGaps = maxGaps;
  }

  get upTo(): number {
    return this.watermark;
  }

  get beyond(): readonly Run[] {
    return this.runs;
  }

  /** The highest number that is in; 0 if none is. */
  get newest(): number {
    return this.runs.at(-1)?.last ?? this.watermark;
  }

  get count(): number {
    return this.runs.reduce((sum, run) => sum + lengthOf(run), this.watermark);
  }

  has(number: number): boolean {
    return includes(this, number);
  }

  /** False, and nothing changes, if that would open one gap too many. */
  add(number: number): boolean {
    return this.addRun({ first: number, last: number });
  }

  addRun(run: Run): boolean {
    const { runs } = this;
    // Those of the runs that it meets, from `at` up to `end`: mostly none, or the last one.
    let at = runs.length;
    while (at > 0 && runs[at - 1]!.last >= run.first - 1) at -= 1;
    let end = at;
    while (end < runs.length && runs[end]!.first <= run.last + 1) end += 1;
    if (run.first <= this.watermark + 1) {
      this.watermark = Math.max(this.watermark, run.last, runs[end - 1]?.last ?? 0);
      runs.splice(0, end);
      return true;
    }
    if (at === end && runs.length === this.maxGaps) return false;
    const first = Math.min(run.first, runs[at]?.first ?? Infinity);
    const last = Math.max(run.last, at === end ? 0 : runs[end - 1]!.last);
    runs.splice(at, end - at, { first, last });
    return true;
  }
}

export function lengthOf({ first, last }: Run): number {
  return last - first + 1;
}

export function includes({ upTo, beyond }: Heard, number: number): boolean {
  if (number <= upTo) return true;
  return beyond.some(({ first, last }) => first <= number && number <= last);
}

/** What of `run` is not in `heard`. */
export function missing({ upTo, beyond }: Heard, { first, last }: Run): Run[] {
  const gaps: Run[] = [];
  let next = Math.max(first, upTo + 1);
  for (const run of beyond) {
    if (next > last || run.first > last) break;
    if (run.first > next) gaps.push({ first: next, last: run.first - 1 });
    next = Math.max(next, run.last + 1);
  }
  if (next <= last) gaps.push({ first: next, last });
  return gaps;
}

/** All that is in, as runs. */
export function runsOf({ upTo, beyond }: Heard): readonly Run[] {
  return upTo === 0 ? beyond : [{ first: 1, last: upTo }, ...beyond];
}
