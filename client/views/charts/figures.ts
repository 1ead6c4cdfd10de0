import type { Milliseconds } from '../../../src/vocabulary.ts';

/** Figures without their units, as exact as one reads them. */

/** '12', '1.2 k', '3.4 M'. */
export function amount(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000_000) return `${(value / 1_000_000).toFixed(1)} M`;
  if (size >= 10_000) return `${Math.round(value / 1_000)} k`;
  if (size >= 1_000) return `${(value / 1_000).toFixed(1)} k`;
  return String(size >= 100 ? Math.round(value) : Math.round(value * 10) / 10);
}

/** '0.4', '12', '1,843': milliseconds. */
export function milliseconds(ms: Milliseconds): string {
  const size = Math.abs(ms);
  const rounded = size < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
  return Object.is(rounded, -0) ? '0' : rounded.toLocaleString('en').replace('-', '−');
}

/** The same with a sign: '+1,843', '−52', '0'. */
export function signedMilliseconds(ms: Milliseconds): string {
  const figure = milliseconds(ms);
  return ms > 0 && figure !== '0' ? `+${figure}` : figure;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of the newest so many. */
export function recentMean(values: readonly number[], of: number): number {
  const newest = values.slice(-of);
  return newest.length === 0 ? 0 : sum(newest) / newest.length;
}
