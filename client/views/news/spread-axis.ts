import type { Milliseconds } from '../../../src/vocabulary.ts';
import { duration } from '../words.ts';

/** Where a moment after the broadcast is on an axis of so many pixels. */
export interface SpreadAxis {
  readonly x: (afterMs: Milliseconds) => number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** Later times are drawn closer together. */
  readonly squeezed: boolean;
}

/** What takes less is over before one looks. */
const LEAST_MS: Milliseconds = 20;

/** One who is told after ten times the usual time would press all others into a corner. */
const MOST_TIMES = 10;

const TICK_PX = 64;
/** Names of the ends stay inside. */
const AT_RIGHT = 0.96;

/** @param times when each knew, in order */
export function spreadAxis(times: readonly Milliseconds[], width: number): SpreadAxis {
  const last = Math.max(LEAST_MS, times.at(-1) ?? 0);
  const usual = Math.max(1, times[Math.floor(times.length / 2)] ?? 0);
  const squeezed = last > MOST_TIMES * usual;
  const share = squeezed
    ? (ms: Milliseconds) => Math.log1p(ms / usual) / Math.log1p(last / usual)
    : (ms: Milliseconds) => ms / last;
  const x = (ms: Milliseconds): number => AT_RIGHT * width * share(ms);
  return { x, ticks: ticksOf(x, last, squeezed), squeezed };
}

/** Round times, as many as there is room for; 0 is the first. */
function ticksOf(
  x: (ms: Milliseconds) => number,
  last: Milliseconds,
  squeezed: boolean,
): SpreadAxis['ticks'] {
  const ticks = [{ x: 0, label: '0' }];
  for (const ms of squeezed ? roundUpTo(last) : evenUpTo(last, x)) {
    const at = x(ms);
    if (at - ticks.at(-1)!.x >= TICK_PX) ticks.push({ x: at, label: duration(ms) });
  }
  return ticks;
}

/** 1, 2, 5, 10, 20, … */
function roundUpTo(last: Milliseconds): Milliseconds[] {
  const decades = Math.ceil(Math.log10(last)) + 1;
  return Array.from({ length: decades }, (_, i) => 10 ** i)
    .flatMap((ten) => [ten, 2 * ten, 5 * ten])
    .filter((ms) => ms <= last);
}

/** Multiples of one round time. */
function evenUpTo(last: Milliseconds, x: (ms: Milliseconds) => number): Milliseconds[] {
  const step = roundUpTo(last).find((ms) => x(ms) >= TICK_PX) ?? last;
  return Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
}
