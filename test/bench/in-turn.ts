import { Child } from './child.ts';

/** The machine's noise comes and goes within seconds; the middle of so many stands still. */
const RUNS = 7;

/** Runs both in processes of their own, in turn, and gives what each run said. */
export async function inTurn<Result>(
  ours: string,
  baseline: string,
  ask: (child: Child) => Promise<Result>,
): Promise<{ ours: Result[]; baseline: Result[] }> {
  const children = { ours: await Child.start(ours), baseline: await Child.start(baseline) };
  try {
    const results = { ours: [] as Result[], baseline: [] as Result[] };
    // The first of each lets the compilers see what runs, and is not counted.
    for (let i = 0; i <= RUNS; i++) {
      for (const kind of ['baseline', 'ours'] as const) {
        const result = await ask(children[kind]);
        if (i > 0) results[kind].push(result);
      }
    }
    return results;
  } finally {
    await children.ours.stop();
    await children.baseline.stop();
  }
}
