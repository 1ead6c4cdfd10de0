import { shuffled } from '../../src/runtime/shuffled.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { bothWays, cutLinks, type RuleOf, type Step } from './network-steps.ts';

/** More links than this would take longer than a class looks on; the rest is left alone. */
export const MAX_SWIZZLED = 240;
/** So many are down at the same time. */
const HELD = 3;
/** All of it takes about a minute, but no step follows faster or slower than this. */
const WHOLE_MS: Milliseconds = 60_000;
const FASTEST_MS: Milliseconds = 500;
const SLOWEST_MS: Milliseconds = 2_000;

export type Pair = readonly [NodeId, NodeId];

/** What goes down and what comes up in each step, so that every link was down once and none stays down. */
export interface SwizzleStep {
  readonly cut: Pair | null;
  readonly heal: Pair | null;
}

/** @param random uniform in [0, 1) */
export function planSwizzle(ids: readonly NodeId[], random: () => number): readonly SwizzleStep[] {
  const pairs = ids.flatMap((a, i) => ids.slice(i + 1).map((b): Pair => [a, b]));
  const order = shuffled(pairs, random).slice(0, MAX_SWIZZLED);
  const down: Pair[] = [];
  const steps: SwizzleStep[] = [];
  for (let i = 0; i < order.length + HELD; i++) {
    const cut = order[i] ?? null;
    const full = down.length >= HELD || (cut === null && down.length > 0);
    // Which one comes up is chance, so that links are down for different times.
    const heal = full ? down.splice(Math.floor(random() * down.length), 1)[0]! : null;
    if (cut !== null) down.push(cut);
    if (cut !== null || heal !== null) steps.push({ cut, heal });
  }
  return steps;
}

export function swizzlePeriod(steps: number): Milliseconds {
  return Math.max(FASTEST_MS, Math.min(SLOWEST_MS, WHOLE_MS / steps));
}

export function swizzleChange({ cut, heal }: SwizzleStep, ruleOf: RuleOf): Step {
  const rules = [
    ...(heal === null ? [] : cutLinks(bothWays(...heal), ruleOf, false).rules),
    ...(cut === null ? [] : cutLinks(bothWays(...cut), ruleOf, true).rules),
  ];
  return { do: 'links', rules };
}
