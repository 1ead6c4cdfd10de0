import type { MergeEngine } from '../../../src/merge/engine.ts';
import type { EngineFactory } from '../../../src/merge/engine-set.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** What operations have taken so far. */
export interface Times {
  operations: number;
  totalMs: Milliseconds;
}

/** By engine; an engine that is gone is forgotten. */
const TIMES = new WeakMap<MergeEngine, Times>();

/**
 * The same engine, with the time taken of each operation that it makes or takes. A browser's clock is
 * coarse, and right on average.
 */
export function timed(make: EngineFactory, now: () => Milliseconds): EngineFactory {
  return (world) => {
    const engine = make(world);
    const times: Times = { operations: 0, totalMs: 0 };
    const stopwatch =
      <Args extends unknown[], Result>(act: (...args: Args) => Result) =>
      (...args: Args): Result => {
        const startedAt = now();
        const result = act(...args);
        times.totalMs += now() - startedAt;
        times.operations += 1;
        return result;
      };
    engine.apply = stopwatch(engine.apply.bind(engine));
    engine.receive = stopwatch(engine.receive.bind(engine));
    TIMES.set(engine, times);
    return engine;
  };
}

/** On average; null before the first, and of an engine that is not timed. */
export function microsPerOperation(engine: MergeEngine): number | null {
  const { operations, totalMs } = TIMES.get(engine) ?? { operations: 0, totalMs: 0 };
  return operations === 0 ? null : (totalMs * 1_000) / operations;
}
