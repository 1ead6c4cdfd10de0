import { conditionsOf, type Conditions } from '../../src/network/conditions.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { Shaper, type Fate } from '../../src/network/shaper.ts';
import { Random } from '../../src/simulator/random.ts';
import type { Lane } from '../../src/wire/lane.ts';
import { testNodeId } from '../support/node-ids.ts';

/** How many frames a shape is measured with, and how often. */
export const FRAMES = 20_000;
export const SEEDS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** As Vitest's `toBeCloseTo`, but as a share of what was expected. */
export function errorOf(actual: number, expected: number): number {
  return Math.abs(actual - expected) / expected;
}

/**
 * How far a count of `trials` independent chances of `probability` may stray: four and a half
 * standard deviations, which a right shaper exceeds once in 150,000 measurements.
 */
export function binomialSlack(trials: number, probability: number): number {
  return 4.5 * Math.sqrt(trials * probability * (1 - probability));
}

export type Faults = Omit<LinkRule, 'from' | 'to'>;

export function rule(faults: Faults, from = 1, to = 2): LinkRule {
  return { from: testNodeId(from), to: testNodeId(to), ...faults };
}

export function conditions(faults: Faults): Conditions {
  return conditionsOf(rule(faults));
}

export function shaper(faults: Faults, seed: string | number = 'a seed'): Shaper {
  return new Shaper(conditions(faults), new Random(seed), 0);
}

/** Offers frames at even times and tells what became of each. */
export function offerEvenly(
  target: Shaper,
  { frames = FRAMES, everyMs = 1, bytes = 100, lane = 'datagram' as Lane } = {},
): readonly Fate[] {
  const frame = new Uint8Array(bytes);
  return Array.from({ length: frames }, (_, i) => target.offer(i * everyMs, frame, lane));
}
