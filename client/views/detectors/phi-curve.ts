import type { Milliseconds } from '../../../src/vocabulary.ts';

/** How phi rises with silence, as a line in a box of so many pixels; pure, so that it can be tested. */
export interface PhiCurve {
  /** Path data. */
  readonly line: string;
  /** Where suspicion begins: how high, and after which silence. */
  readonly limitY: number;
  readonly crossingMs: Milliseconds;
  readonly crossingX: number;
  /** Where this moment is; beyond the right edge it stands at the edge. */
  readonly now: { readonly x: number; readonly y: number; readonly beyond: boolean };
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

export interface PhiBox {
  readonly width: number;
  readonly height: number;
}

/** The line is drawn this far beyond the crossing at least, and so many times as far at most. */
const LEAST_BEYOND = 1.35;
const MOST_BEYOND = 3;
/** The top of the box, in thresholds. */
const TOP = 1.4;
const POINTS = 60;
/** Nothing that lives is waited for longer. */
const LONGEST_MS: Milliseconds = 600_000;

/** @param phiOf how surprising a silence is; rises with it */
export function phiCurve(
  phiOf: (silentMs: Milliseconds) => number,
  threshold: number,
  silentMs: Milliseconds,
  { width, height }: PhiBox,
): PhiCurve {
  const crossingMs = crossingOf(phiOf, threshold);
  const lastMs = Math.min(
    Math.max(LEAST_BEYOND * crossingMs, 1.15 * silentMs),
    MOST_BEYOND * crossingMs,
  );
  const x = (ms: Milliseconds): number => (width * ms) / lastMs;
  const y = (phi: number): number => height * (1 - Math.min(phi / (TOP * threshold), 1));
  // The line ends where it leaves the box.
  const drawnMs = Math.min(lastMs, crossingOf(phiOf, TOP * threshold));
  const points = Array.from({ length: POINTS + 1 }, (_, i) => {
    const ms = (drawnMs * i) / POINTS;
    return `${x(ms).toFixed(1)} ${y(phiOf(ms)).toFixed(1)}`;
  });
  const nowMs = Math.min(silentMs, lastMs);
  return {
    line: `M${points.join('L')}`,
    limitY: y(threshold),
    crossingMs,
    crossingX: x(crossingMs),
    now: { x: x(nowMs), y: y(phiOf(silentMs)), beyond: silentMs > lastMs },
    ticks: ticksUpTo(lastMs).map((ms) => ({ x: x(ms), label: `${ms / 1_000} s` })),
  };
}

function crossingOf(phiOf: (silentMs: Milliseconds) => number, threshold: number): Milliseconds {
  let [low, high] = [0, LONGEST_MS];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (phiOf(middle) < threshold) low = middle;
    else high = middle;
  }
  return high;
}

/** Three to six round seconds. */
function ticksUpTo(lastMs: Milliseconds): Milliseconds[] {
  const step =
    [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000].find(
      (each) => lastMs / each < 5,
    ) ?? 120_000;
  return Array.from({ length: Math.floor(lastMs / step) }, (_, i) => (i + 1) * step);
}
