import { describe, expect, test } from 'vitest';
import { composedRule } from '../../src/network/composed-rule.ts';
import { compose, conditionsOf } from '../../src/network/conditions.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { testNodeId } from '../support/node-ids.ts';

const way = { from: testNodeId(0), to: testNodeId(1) };
const latencyOf = ({ latencies }: ReturnType<typeof conditionsOf>) =>
  latencies.reduce((sum, { meanMs }) => sum + meanMs, 0);

describe('all rules of a direction as one', () => {
  test.each<[string, LinkRule, LinkRule]>([
    ['flags', { ...way, cut: true }, { ...way, cut: false, blackhole: true }],
    ['times', { ...way, latencyMs: 50, jitterMs: 5 }, { ...way, latencyMs: 200 }],
    ['chances', { ...way, loss: 0.5, duplicate: 0.1 }, { ...way, loss: 0.2, corrupt: 0.3 }],
    [
      'lines',
      { ...way, bytesPerSecond: 900, queueBytes: 10 },
      { ...way, bytesPerSecond: 300, queueBytes: 70 },
    ],
    ['holds', { ...way, reorder: 0.5, reorderMs: 40 }, { ...way, reorder: 0.5, reorderMs: 90 }],
  ])('RULE %s: it says what their conditions together say', (_, a, b) => {
    // prettier-ignore
    const together = compose(conditionsOf(a), conditionsOf(b));
    for (const rules of [
      [a, b],
      [b, a],
    ]) {
      // prettier-ignore
      const one = conditionsOf({ ...way, ...composedRule(rules) });
      const { latencies: _l, losses, ...rest } = one;
      const { latencies: _m, losses: bothLosses, ...wanted } = together;
      expect(rest).toEqual(wanted);
      expect(latencyOf(one)).toBe(latencyOf(together));
      const survives = (all: typeof losses) => all.reduce((share, loss) => share * (loss.kind === 'independent' ? 1 - loss.probability : 0), 1); // prettier-ignore
      expect(survives(losses)).toBeCloseTo(survives(bothLosses));
    }
  });

  test('RULE none say nothing, one says itself', () => {
    expect(composedRule([])).toEqual({});
    expect(composedRule([{ ...way, latencyMs: 5, latencyShape: 'normal', jitterMs: 1 }])).toEqual({ latencyMs: 5, latencyShape: 'normal', jitterMs: 1 }); // prettier-ignore
  });
});
