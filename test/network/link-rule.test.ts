import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { CLEAR, compose, conditionsOf, type Conditions } from '../../src/network/conditions.ts';
import {
  linkRuleSchema,
  MAX_BYTES_PER_SECOND,
  MAX_LATENCY_MS,
  MAX_LOSS_BURST,
  MAX_QUEUE_BYTES,
  MIN_BYTES_PER_SECOND,
} from '../../src/network/link-rule.ts';
import { testNodeId } from '../support/node-ids.ts';
import { conditions, rule, type Faults } from './measure.ts';

function problems(written: unknown): string {
  const { issues = [] } = v.safeParse(linkRuleSchema, written);
  return issues.map(({ message }) => message).join('; ');
}

describe('what is accepted', () => {
  test.each<Faults>([
    {},
    { cut: true },
    { blackhole: false },
    { latencyMs: MAX_LATENCY_MS, jitterMs: MAX_LATENCY_MS },
    { latencyMs: 30, jitterMs: 10, latencyShape: 'normal' },
    { latencyMs: 30, jitterMs: 90, latencyShape: 'long-tailed' },
    { loss: 1, duplicate: 1, reorder: 1, corrupt: 1 },
    { loss: 0.5, lossBurst: 1 },
    { loss: 0.2, lossBurst: MAX_LOSS_BURST },
    { reorder: 0.1, reorderMs: 1 },
    { bytesPerSecond: MIN_BYTES_PER_SECOND, queueBytes: 6_000 },
    { bytesPerSecond: MAX_BYTES_PER_SECOND, queueBytes: MAX_QUEUE_BYTES, burstBytes: 1 },
  ])('LINK-2 %j', (faults) => {
    expect(v.parse(linkRuleSchema, rule(faults))).toEqual(rule(faults));
  });
});

describe('what is refused, by the name of the field', () => {
  test.each<[keyof Faults | 'from' | 'to' | 'a link', object]>([
    ['latencyMs', { latencyMs: -1 }],
    ['latencyMs', { latencyMs: MAX_LATENCY_MS + 1 }],
    ['latencyMs', { latencyMs: NaN }],
    ['latencyMs', { latencyMs: '10' }],
    ['jitterMs', { jitterMs: -1, latencyMs: 5 }],
    ['jitterMs', { jitterMs: 5 }],
    ['jitterMs', { latencyMs: 10, jitterMs: 11 }],
    ['jitterMs', { latencyMs: 30, jitterMs: 11, latencyShape: 'normal' }],
    ['jitterMs', { latencyMs: 30, jitterMs: 91, latencyShape: 'long-tailed' }],
    ['loss', { loss: -0.1 }],
    ['loss', { loss: 20 }],
    ['lossBurst', { loss: 0.2, lossBurst: 0.5 }],
    ['lossBurst', { loss: 0.2, lossBurst: MAX_LOSS_BURST + 1 }],
    ['lossBurst', { loss: 0.9, lossBurst: 8 }],
    ['lossBurst', { loss: 1, lossBurst: 8 }],
    ['duplicate', { duplicate: 1.01 }],
    ['reorder', { reorder: Infinity }],
    ['reorderMs', { reorder: 0.1, reorderMs: 0 }],
    ['corrupt', { corrupt: -1 }],
    ['bytesPerSecond', { bytesPerSecond: 0 }],
    ['bytesPerSecond', { bytesPerSecond: MIN_BYTES_PER_SECOND - 1 }],
    ['bytesPerSecond', { bytesPerSecond: Infinity }],
    ['queueBytes', { bytesPerSecond: 1e6, queueBytes: -1 }],
    ['queueBytes', { bytesPerSecond: 1e6, queueBytes: MAX_QUEUE_BYTES + 1 }],
    ['queueBytes', { queueBytes: 1_000 }],
    ['queueBytes', { bytesPerSecond: MIN_BYTES_PER_SECOND, queueBytes: 6_001 }],
    ['burstBytes', { burstBytes: 1_000 }],
    ['burstBytes', { bytesPerSecond: MIN_BYTES_PER_SECOND, burstBytes: 6_001 }],
    ['a link', { to: testNodeId(1) }],
  ])('LINK-2 %s in %j', (field, faults) => {
    expect(problems({ ...rule({}), ...faults })).toContain(field);
  });

  test.each([
    { from: 'somebody' },
    { to: undefined },
    { cut: 1 },
    { latencyShape: 'square' },
    { latency: 100 },
  ])('LINK-2 %j', (faults) => {
    expect(problems({ ...rule({}), ...faults })).not.toBe('');
  });
});

describe('what a rule means', () => {
  test('LINK-2 nothing said is nothing done', () => {
    expect(conditions({})).toEqual(CLEAR);
  });

  test('LINK-2 latency alone is constant; jitter alone makes it uniform', () => {
    expect(conditions({ latencyMs: 10 }).latencies).toEqual([
      { shape: 'constant', meanMs: 10, spreadMs: 0 },
    ]);
    expect(conditions({ latencyMs: 10, jitterMs: 4 }).latencies).toEqual([
      { shape: 'uniform', meanMs: 10, spreadMs: 4 },
    ]);
    expect(
      conditions({ latencyMs: 10, jitterMs: 4, latencyShape: 'long-tailed' }).latencies,
    ).toEqual([{ shape: 'long-tailed', meanMs: 10, spreadMs: 4 }]);
  });

  test('LINK-2 the queue holds one second of the line unless the rule says otherwise', () => {
    expect(conditions({ bytesPerSecond: 5_000 }).bandwidth).toMatchObject({ queueBytes: 5_000 });
    expect(conditions({ bytesPerSecond: 5_000, queueBytes: 0 }).bandwidth).toMatchObject({
      queueBytes: 0,
    });
    expect(conditions({ bytesPerSecond: MAX_BYTES_PER_SECOND }).bandwidth).toMatchObject({
      queueBytes: MAX_QUEUE_BYTES,
    });
  });
});

const share = fc.double({ min: 0, max: 0.9, noNaN: true });
const anyFaults: fc.Arbitrary<Faults> = fc.record(
  {
    cut: fc.boolean(),
    blackhole: fc.boolean(),
    latencyMs: fc.integer({ min: 1, max: 100 }),
    loss: share,
    duplicate: share,
    reorder: share,
    corrupt: share,
    bytesPerSecond: fc.integer({ min: 100, max: 500 }),
  },
  { requiredKeys: [] },
);

/** Lists in one order and probabilities without their last bits: what composition may differ in. */
function comparable(c: Conditions): unknown {
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
  return JSON.stringify(
    { ...c, latencies: sorted(c.latencies), losses: sorted(c.losses) },
    (_key, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(9)) : value),
  );
}

describe('composition', () => {
  test('LINK-3 the order does not matter, nor in which groups it is done, and CLEAR adds nothing', () => {
    fc.assert(
      fc.property(anyFaults, anyFaults, anyFaults, (...faults) => {
        const [a, b, c] = faults.map((one) => conditionsOf(rule(one))) as [
          Conditions,
          Conditions,
          Conditions,
        ];
        expect(comparable(compose(a, b))).toBe(comparable(compose(b, a)));
        expect(comparable(compose(compose(a, b), c))).toBe(comparable(compose(a, compose(b, c))));
        expect(compose(a, CLEAR)).toEqual(a);
      }),
    );
  });

  test('LINK-3 closed by either, times and losses of both, the slower line with its queue', () => {
    const a = conditions({
      cut: true,
      latencyMs: 10,
      loss: 0.1,
      duplicate: 0.5,
      reorder: 0.5,
      reorderMs: 30,
      bytesPerSecond: 9_000,
      queueBytes: 10,
    });
    const b = conditions({
      latencyMs: 20,
      loss: 0.2,
      lossBurst: 4,
      duplicate: 0.5,
      reorder: 0.5,
      reorderMs: 20,
      corrupt: 0.25,
      bytesPerSecond: 4_000,
      queueBytes: 20,
    });
    expect(compose(a, b)).toEqual({
      cut: true,
      blackhole: false,
      latencies: [...a.latencies, ...b.latencies],
      losses: [...a.losses, ...b.losses],
      duplicate: 0.75,
      reorder: { probability: 0.75, holdMs: 30 },
      corrupt: 0.25,
      bandwidth: { bytesPerSecond: 4_000, queueBytes: 20, burstBytes: 0 },
    });
  });
});
