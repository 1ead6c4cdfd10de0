import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareVectors,
  entriesToJson,
  MAX_VECTOR_ENTRIES,
  mergeVectors,
  VectorClock,
  vectorFromJson,
  vectorToJson,
  type Vector,
  type VectorEntries,
  type VectorSnapshot,
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

describe('columns', () => {
  /** In any order, as a stranger may send them. */
  const columns = fc
    .uniqueArray(fc.tuple(fc.nat(9), fc.nat(5)), { selector: ([index]) => index })
    .map((pairs) => ({
      ids: pairs.map(([index]) => testNodeId(index)),
      ticks: pairs.map(([, tick]) => tick),
    }));

  test('CLOCK-4 entries in any order are merged as vectors are, and kept sorted', () => {
    const self = testNodeId(4);
    fc.assert(
      fc.property(fc.array(columns, { maxLength: 6 }), (all) => {
        const clock = new VectorClock(self, 1);
        for (const heard of all) {
          const others = vectorFromJson(entriesToJson(heard));
          const expected = new Map(mergeVectors(clock.now, others));
          expected.set(self, clock.now.get(self)!);
          clock.merge(heard);
          expect(entriesToJson(clock.entries)).toEqual(vectorToJson(expected));
          expect(clock.entries.ids).toEqual([...clock.entries.ids].sort());
          clock.tick();
        }
      }),
      { numRuns: 500 },
    );
  });

  test('CLOCK-2 a snapshot says for ever what the clock said, to whoever merges it', () => {
    const steps = fc.array(fc.oneof(columns, fc.constantFrom('tick', 'keep', 'look')));
    fc.assert(
      fc.property(steps, (all) => {
        const clock = new VectorClock(testNodeId(4), 1);
        const kept: (readonly [VectorSnapshot, Vector])[] = [];
        for (const step of all) {
          if (step === 'tick') clock.tick();
          else if (step === 'keep') kept.push([clock.snapshot(), clock.now]);
          else if (step === 'look') void clock.entries;
          else clock.merge(step as VectorEntries);
        }
        for (const [snapshot, vector] of kept) {
          const other = new VectorClock(testNodeId(20), 1);
          other.merge(snapshot);
          expect(normal(other.now)).toEqual(normal(vector));
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('CLOCK-2 whoever hears snapshots knows what whoever hears entries knows', () => {
  const hearings = fc.array(fc.tuple(node, node), { maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(hearings, (all) => {
      const clocks = () =>
        Array.from({ length: NODES }, (_, i) => new VectorClock(testNodeId(i), 1));
      const [one, other] = [clocks(), clocks()];
      for (const [from, to] of all) {
        for (const each of [one, other]) each[from]!.tick();
        one[to]!.merge(one[from]!.snapshot());
        const { ids, ticks } = other[from]!.entries;
        other[to]!.merge({ ids: [...ids], ticks: [...ticks] });
        for (const each of [one, other]) each[to]!.tick();
        expect(one[to]!.now).toEqual(other[to]!.now);
      }
    }),
    { numRuns: 200 },
  );
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
