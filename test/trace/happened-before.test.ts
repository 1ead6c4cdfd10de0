import { expect, test } from 'vitest';
import { compareVectors, vectorFromJson } from '../../src/clocks/vector.ts';
import { Random } from '../../src/simulator/random.ts';
import { Causality } from '../../src/trace/causality.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { randomExecution } from '../support/random-execution.ts';
import type { TrueOrder } from '../support/true-order.ts';

const EXECUTIONS = 1_000;
/** What looks at chains of events, and not at pairs alone, takes longer. */
const SOME_EXECUTIONS = 100;

/** For a machine that does other things, too: by itself it takes five. */
const SLOW_MS = 60_000;

/** Without these the executions would prove little. */
const MUST_OCCUR = ['restart', 'crash', 'pause', 'resume', 'store', 'down', 'send', 'receive'];

function indexOf(events: readonly TraceEvent[]): Causality {
  const index = new Causality();
  for (const event of events) index.add(event);
  return index;
}

/** Throws at the first pair that the index puts into another order. */
function holdIndexAgainst(truth: TrueOrder, seed: number): void {
  const index = indexOf(truth.events);
  for (const [b, event] of truth.events.entries()) {
    const cone = index.cone(event);
    for (const [a, other] of truth.events.entries()) {
      const [said, truly] = [cone.orderOf(other), truth.order(a, b)];
      if (said !== truly) throw new Error(`seed ${seed}: ${a} to ${b} is ${truly}, not ${said}`);
    }
  }
}

/** The same for bare vectors, which may miss what a life knew before it lost its memory. */
function holdVectorsAgainst(truth: TrueOrder, seed: number): void {
  const mayMiss = truth.events.some(({ incarnation }) => incarnation > 1);
  const vectors = truth.events.map(({ vector }) => vectorFromJson(vector));
  for (let b = 0; b < vectors.length; b++) {
    for (let a = 0; a <= b; a++) {
      const [said, truly] = [compareVectors(vectors[a]!, vectors[b]!), truth.order(a, b)];
      if (said === truly || (mayMiss && said === 'concurrent')) continue;
      throw new Error(`seed ${seed}: vectors of ${a} to ${b} are ${truly}, not ${said}`);
    }
  }
}

test(
  `CLOCK-2 CLOCK-3 TRACE-4 the order of vectors and of the index is true happened-before in ${EXECUTIONS} random executions`,
  { timeout: SLOW_MS },
  () => {
    const occurred = new Set<string>();
    let withoutRestart = 0;
    for (let seed = 0; seed < EXECUTIONS; seed++) {
      const truth = randomExecution(seed);
      holdIndexAgainst(truth, seed);
      holdVectorsAgainst(truth, seed);
      for (const { type } of truth.events) occurred.add(type);
      if (truth.events.every(({ incarnation }) => incarnation === 1)) withoutRestart += 1;
    }
    expect([...occurred]).toEqual(expect.arrayContaining(MUST_OCCUR));
    expect(withoutRestart).toBeGreaterThan(EXECUTIONS / 20);
    expect(withoutRestart).toBeLessThan(EXECUTIONS / 2);
  },
);

test(
  'TRACE-5 with holes order is missed at most, never invented, and both ends agree',
  { timeout: SLOW_MS },
  () => {
    let missed = 0;
    for (let seed = 0; seed < SOME_EXECUTIONS; seed++) {
      const truth = randomExecution(seed);
      const random = new Random(`holes ${seed}`);
      const mayMiss = truth.events.some(({ incarnation }) => incarnation > 1);
      const kept = [...truth.events.entries()].filter(() => random.next() < 0.5);
      const index = indexOf(kept.map(([, event]) => event));
      for (const [b, event] of kept) {
        const cone = index.cone(event);
        for (const [a, other] of kept) {
          const said = cone.orderOf(other);
          if (random.next() < 0.1) expect(index.order(other, event)).toBe(said);
          if (said === truth.order(a, b)) continue;
          expect([said, mayMiss]).toEqual(['concurrent', true]);
          missed += 1;
        }
      }
    }
    expect(missed).toBeGreaterThan(0);
  },
);

test(
  'TRACE-6 every receipt has its true sending, copies and later lives included',
  { timeout: SLOW_MS },
  () => {
    let copies = 0;
    for (let seed = 0; seed < SOME_EXECUTIONS; seed++) {
      const { events, causes } = randomExecution(seed);
      const index = indexOf(events);
      for (const [at, event] of events.entries()) {
        if (event.type !== 'receive') continue;
        const send = index.sendOf(event)!;
        expect(send).toBe(events[causes[at]!.at(-1)!]);
        const receipts = index.receiptsOf(send);
        expect(receipts).toContain(event);
        if (receipts.length > 1) copies += 1;
      }
    }
    expect(copies).toBeGreaterThan(0);
  },
);

/** Messages on the chain with the fewest, from every event to the one at `end`: by trying all ways. */
function fewestMessages({ events, causes }: TrueOrder, end: number): number[] {
  const fewest = events.map(() => Infinity);
  fewest[end] = 0;
  for (let at = end; at >= 0; at--) {
    for (const cause of causes[at]!) {
      const isMessage = events[cause]!.node !== events[at]!.node;
      fewest[cause] = Math.min(fewest[cause]!, fewest[at]! + (isMessage ? 1 : 0));
    }
  }
  return fewest;
}

test(
  'TRACE-7 a path there is exactly where there is order, true in each step, with the fewest messages',
  { timeout: SLOW_MS },
  () => {
    for (let seed = 0; seed < SOME_EXECUTIONS; seed++) {
      const truth = randomExecution(seed);
      const { events } = truth;
      const index = indexOf(events);
      const at = new Map(events.map((event, i) => [event, i]));
      const end = new Random(`end ${seed}`).below(events.length);
      const fewest = fewestMessages(truth, end);
      for (const [start, event] of events.entries()) {
        const path = index.path(event, events[end]!);
        expect(path !== null).toBe(start === end || truth.isBefore(start, end));
        if (path === null) continue;
        expect([path[0], path.at(-1)]).toEqual([event, events[end]]);
        const steps = path.slice(1).map((next, i) => [path[i]!, next] as const);
        for (const [a, b] of steps) {
          expect(truth.isBefore(at.get(a)!, at.get(b)!)).toBe(true);
          if (a.node !== b.node) expect(b.type === 'receive' && index.sendOf(b)).toBe(a);
        }
        expect(steps.filter(([a, b]) => a.node !== b.node)).toHaveLength(fewest[start]!);
      }
    }
  },
);
