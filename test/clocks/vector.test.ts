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

describe('executions', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('local' as const), node: fc.nat(NODES - 1) }),
      fc.record({ do: fc.constant('send' as const), node: fc.nat(NODES - 1) }),
      fc.record({ do: fc.constant('receive' as const), node: fc.nat(NODES - 1), which: fc.nat() }),
      fc.record({ do: fc.constant('restart' as const), node: fc.nat(NODES - 1) }),
    ),
    { maxLength: 60 },
  );

  test('CLOCK-2, 3 the order of vectors is true happened-before, over restarts too', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const events: { vector: Vector; past: Set<number> }[] = [];
        const lives = Array.from({ length: NODES }, () => 1);
        const clocks = lives.map((life, node) => new VectorClock(testNodeId(node), life));
        const last: (number | null)[] = lives.map(() => null);
        const sent: number[] = [];

        for (const step of run) {
          const clock = clocks[step.node]!;
          // What truly came before: the node's own last event, and the sending of what it receives.
          const causes = [last[step.node]!].filter((cause) => cause !== null);
          if (step.do === 'restart') {
            lives[step.node]! += 1;
            clocks[step.node] = new VectorClock(testNodeId(step.node), lives[step.node]!);
            last[step.node] = null;
            continue;
          }
          if (step.do === 'receive') {
            if (sent.length === 0) continue;
            const sending = sent[step.which % sent.length]!;
            clock.merge(entries(events[sending]!.vector));
            causes.push(sending);
          }
          clock.tick();
          if (step.do === 'send') sent.push(events.length);
          last[step.node] = events.length;
          const past = new Set(causes.flatMap((cause) => [cause, ...events[cause]!.past]));
          events.push({ vector: new Map(clock.now), past });
        }

        for (const [i, a] of events.entries()) {
          for (const [j, b] of events.entries()) {
            if (i === j) continue;
            const truth = b.past.has(i) ? 'before' : a.past.has(j) ? 'after' : 'concurrent';
            expect(compareVectors(a.vector, b.vector), `events ${i} and ${j}`).toBe(truth);
          }
        }
      }),
      { numRuns: 300 },
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
    clock.tick();
    expect(clock.now.get(self)).toBe(2);
  });

  test('JSON and back gives the same vector, and foreign keys are left out', () => {
    const vector = new Map([[self, 3]]);
    expect(vectorFromJson(vectorToJson(vector))).toEqual(vector);
    expect(vectorFromJson(JSON.parse('{"__proto__": 1, "toString": 2}')).size).toBe(0);
  });
});
