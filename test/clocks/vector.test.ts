import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareVectors,
  MAX_VECTOR_ENTRIES,
  mergeVectors,
  VectorClock,
  vectorFromJson,
  vectorToJson,
  type Vector,
} from '../../src/clocks/vector.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';

const NODES = 5;
const vectors = fc
  .dictionary(
    fc.integer({ min: 0, max: NODES - 1 }).map(testNodeId),
    fc.integer({ min: 0, max: 3 }),
  )
  .map((json): Vector => new Map(Object.entries(json) as [NodeId, number][]));

const entries = (vector: Vector) => ({ ids: [...vector.keys()], ticks: [...vector.values()] });
const normal = (vector: Vector) =>
  vectorToJson(new Map([...vector].filter(([, tick]) => tick > 0)));

describe('laws', () => {
  test('CLOCK-4 merging is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(vectors, vectors, vectors, (a, b, c) => {
        expect(normal(mergeVectors(a, b))).toEqual(normal(mergeVectors(b, a)));
        expect(normal(mergeVectors(mergeVectors(a, b), c))).toEqual(
          normal(mergeVectors(a, mergeVectors(b, c))),
        );
        expect(normal(mergeVectors(a, a))).toEqual(normal(a));
      }),
    );
  });

  test('CLOCK-4 what was merged is not before what it was merged from', () => {
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        expect(['before', 'equal']).toContain(compareVectors(a, mergeVectors(a, b)));
      }),
    );
  });

  test('CLOCK-5 comparing is a partial order', () => {
    const opposite = { before: 'after', after: 'before', equal: 'equal', concurrent: 'concurrent' };
    fc.assert(
      fc.property(vectors, vectors, vectors, (a, b, c) => {
        expect(compareVectors(a, a)).toBe('equal');
        expect(compareVectors(b, a)).toBe(opposite[compareVectors(a, b)]);
        if (compareVectors(a, b) === 'equal') expect(normal(a)).toEqual(normal(b));
        if (compareVectors(a, b) === 'before' && compareVectors(b, c) === 'before') {
          expect(compareVectors(a, c)).toBe('before');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('CLOCK-5 order is found among sparse vectors too', () => {
    const [a, b] = [testNodeId(0), testNodeId(1)];
    expect(compareVectors(new Map(), new Map([[a, 1]]))).toBe('before');
    expect(compareVectors(new Map([[a, 1]]), new Map([[b, 1]]))).toBe('concurrent');
    expect(compareVectors(new Map([[a, 0]]), new Map())).toBe('equal');
  });
});

type Step =
  | { readonly do: 'local' | 'send' | 'restart'; readonly node: number }
  | { readonly do: 'receive'; readonly node: number; readonly which: number };

const node = fc.nat(NODES - 1);
const ordinary: fc.Arbitrary<Step>[] = [
  fc.record({ do: fc.constantFrom('local' as const, 'send' as const), node }),
  fc.record({ do: fc.constant('receive' as const), node, which: fc.nat() }),
];
const restart: fc.Arbitrary<Step> = fc.record({ do: fc.constant('restart' as const), node });
const runOf = (...steps: fc.Arbitrary<Step>[]) =>
  fc.array(fc.oneof(...steps), { maxLength: 60, size: 'max' });

interface Event {
  readonly vector: Vector;
  /** Every event that truly happened before, known from the run and not from any clock. */
  readonly past: ReadonlySet<number>;
}

/** Plays a run; a restart keeps nothing but the number of the life. */
function play(run: readonly Step[]): Event[] {
  const events: Event[] = [];
  const lives = Array.from({ length: NODES }, () => 1);
  const clocks = lives.map((life, index) => new VectorClock(testNodeId(index), life));
  const last = new Map<number, number>();
  const sent: number[] = [];
  for (const step of run) {
    if (step.do === 'restart') {
      lives[step.node]! += 1;
      clocks[step.node] = new VectorClock(testNodeId(step.node), lives[step.node]!);
      continue;
    }
    const clock = clocks[step.node]!;
    const causes = last.has(step.node) ? [last.get(step.node)!] : [];
    if (step.do === 'receive') {
      if (sent.length === 0) continue;
      const sending = sent[step.which % sent.length]!;
      clock.merge(entries(events[sending]!.vector));
      causes.push(sending);
    }
    clock.tick();
    if (step.do === 'send') sent.push(events.length);
    last.set(step.node, events.length);
    const past = new Set(causes.flatMap((cause) => [cause, ...events[cause]!.past]));
    events.push({ vector: new Map(clock.now), past });
  }
  return events;
}

function truth(events: readonly Event[], i: number, j: number): string {
  if (i === j) return 'equal';
  if (events[j]!.past.has(i)) return 'before';
  return events[i]!.past.has(j) ? 'after' : 'concurrent';
}

describe('executions', () => {
  test('CLOCK-2 the order of vectors is true happened-before', () => {
    fc.assert(
      fc.property(runOf(...ordinary), (run) => {
        const events = play(run);
        for (const [i, a] of events.entries()) {
          for (const [j, b] of events.entries()) {
            const order = compareVectors(a.vector, b.vector);
            if (order !== truth(events, i, j)) expect.fail(`events ${i} and ${j}: ${order}`);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('CLOCK-3 over restarts without memory no order is invented, and own entries rise', () => {
    fc.assert(
      fc.property(runOf(...ordinary, restart), (run) => {
        const events = play(run);
        for (const [i, a] of events.entries()) {
          for (const [j, b] of events.entries()) {
            const order = compareVectors(a.vector, b.vector);
            if (order !== 'concurrent') expect(order, `${i}, ${j}`).toBe(truth(events, i, j));
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('limits and damage', () => {
  const self = testNodeId(0);

  test('CLOCK-6 beyond the limit new nodes are not taken in, and known ones still rise', () => {
    const clock = new VectorClock(self, 1);
    const ids = Array.from({ length: MAX_VECTOR_ENTRIES + 50 }, (_, i) => testNodeId(i + 1));
    clock.merge({ ids, ticks: ids.map(() => 1) });
    clock.merge({ ids, ticks: ids.map(() => 2) });
    expect(clock.now.size).toBe(MAX_VECTOR_ENTRIES);
    expect(clock.now.get(ids[0]!)).toBe(2);
    expect(clock.now.has(ids.at(-1)!)).toBe(false);
  });

  test('CLOCK-6 what others say of the node itself is skipped', () => {
    const clock = new VectorClock(self, 1);
    clock.tick();
    clock.merge({ ids: [self], ticks: [Number.MAX_SAFE_INTEGER] });
    expect(clock.now.get(self)).toBe(1);
    clock.tick();
    expect(clock.now.get(self)).toBe(2);
  });

  test('JSON and back gives the same vector, and foreign keys are left out', () => {
    const vector = new Map([[self, 3]]);
    expect(vectorFromJson(vectorToJson(vector))).toEqual(vector);
    expect(vectorFromJson(JSON.parse('{"__proto__": 1, "toString": 2}')).size).toBe(0);
  });
});
