import type { LinkRule } from './link-rule.ts';

/** What befalls frames in one direction. */
export type Rule = Omit<LinkRule, 'from' | 'to'>;

/**
 * All rules of one direction as one that people can read: what `compose` makes of their conditions,
 * in the words of a rule. Bursts and shapes are those of the first rule that has any.
 */
export function composedRule(rules: readonly LinkRule[]): Rule {
  let whole: Rule = {};
  for (const { from: _from, to: _to, ...rule } of rules) whole = both(whole, rule);
  return whole;
}

function both(a: Rule, b: Rule): Rule {
  const narrower = (a.bytesPerSecond ?? Infinity) <= (b.bytesPerSecond ?? Infinity) ? a : b;
  const sums = { latencyMs: sum(a.latencyMs, b.latencyMs), jitterMs: sum(a.jitterMs, b.jitterMs) };
  const chances = {
    loss: either(a.loss, b.loss),
    duplicate: either(a.duplicate, b.duplicate),
    reorder: either(a.reorder, b.reorder),
    corrupt: either(a.corrupt, b.corrupt),
  };
  const line = {
    bytesPerSecond: narrower.bytesPerSecond,
    queueBytes: narrower.queueBytes,
    burstBytes: narrower.burstBytes,
  };
  const holdMs = Math.max(a.reorderMs ?? 0, b.reorderMs ?? 0);
  const said = Object.entries({ ...sums, ...chances, reorderMs: holdMs || undefined, ...line });
  return {
    ...b,
    ...a,
    ...flags(a, b),
    ...(Object.fromEntries(said.filter(([, value]) => value !== undefined)) as Rule),
  };
}

function flags(a: Rule, b: Rule): Rule {
  return {
    ...((a.cut ?? b.cut) !== undefined && { cut: a.cut === true || b.cut === true }),
    ...((a.blackhole ?? b.blackhole) !== undefined && {
      blackhole: a.blackhole === true || b.blackhole === true,
    }),
  };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b;
}

/** The probability that at least one of two independent things happens. */
function either(p: number | undefined, q: number | undefined): number | undefined {
  return p === undefined || q === undefined ? (p ?? q) : p + q - p * q;
}
