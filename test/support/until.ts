/** Often enough that a test waits no longer than it must, rarely enough to leave the tabs the CPU. */
const POLL_MS = 50;

export interface UntilOptions {
  /** What is waited for, to follow 'waited … for'. */
  readonly what: string;
  readonly deadlineMs: number;
}

/**
 * Asks again and again until `ask` gives something else than undefined, null or false, and gives
 * that back. For states outside of a page; inside of one, prefer `page.waitForFunction`. Past the
 * deadline it fails with what was last seen: `see` tells, or the error that `ask` threw.
 */
export async function until<Value>(
  ask: () => Value | Promise<Value>,
  { what, deadlineMs }: UntilOptions,
  see?: () => unknown,
): Promise<NonNullable<Exclude<Value, false>>> {
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    const seen = await attempt(ask);
    if ('value' in seen && seen.value !== undefined && seen.value !== null && seen.value !== false)
      return seen.value as NonNullable<Exclude<Value, false>>;
    if (performance.now() > giveUpAt) {
      const last = see === undefined ? seen : await attempt(see);
      throw new Error(`waited ${deadlineMs} ms for ${what}; last seen: ${describe(last)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

type Attempt<Value> = { value: Value } | { error: unknown };

async function attempt<Value>(ask: () => Value | Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error };
  }
}

function describe(seen: Attempt<unknown>): string {
  return 'value' in seen ? (JSON.stringify(seen.value) ?? 'undefined') : String(seen.error);
}
