import type { Milliseconds } from '../../../src/vocabulary.ts';

export interface Tick {
  readonly at: Milliseconds;
  readonly label: string;
}

/** Round numbers of milliseconds, seconds, minutes and hours. */
const STEPS: readonly Milliseconds[] = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000,
  60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
];

/** The least round step whose ticks are so far apart that their labels do not touch. */
export function stepFor(msPerPx: number, leastPx: number): Milliseconds {
  return STEPS.find((step) => step / msPerPx >= leastPx) ?? STEPS.at(-1)!;
}

/** @param origin the moment that is labelled 0 */
export function ticksBetween(
  from: Milliseconds,
  to: Milliseconds,
  step: Milliseconds,
  origin: Milliseconds,
): Tick[] {
  const ticks: Tick[] = [];
  for (let n = Math.ceil((from - origin) / step); n * step <= to - origin; n++) {
    ticks.push({ at: origin + n * step, label: clockLabel(n * step, step) });
  }
  return ticks;
}

/** '12 s', '12.40 s', '2:05', '1:02:05': as exact as `step` asks. */
export function clockLabel(sinceMs: Milliseconds, step: Milliseconds): string {
  if (sinceMs < 0) return `−${clockLabel(-sinceMs, step)}`;
  const decimals = step >= 1_000 ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : step >= 1 ? 3 : 4;
  const seconds = Number((sinceMs / 1_000).toFixed(decimals));
  if (seconds < 60) return `${seconds.toFixed(decimals)} s`;
  const whole = Math.floor(seconds);
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3_600);
  return hours === 0
    ? `${minutes}:${rest}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}
