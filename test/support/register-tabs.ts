import type { Outcome } from '../../src/coordination/outcome.ts';
import type { RegisterKind } from '../../src/network/register-kinds.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Student } from './classroom.ts';

/** What a tab's client was told. */
export interface Told {
  readonly kind: RegisterKind;
  readonly outcome: Outcome;
}

/** All three kinds at once: each key is put, then read, one after the other. */
export function putAndGet(
  { page }: Student,
  keys: readonly string[],
  value: string,
): Promise<Told[]> {
  return page.evaluate(
    async ([names, text]) => {
      const { registers } = window.netsplit!;
      const all = (['cp', 'ap', 'quorum'] as const).map(async (kind) => {
        const told: { kind: typeof kind; outcome: Awaited<ReturnType<typeof registers.get>> }[] =
          [];
        for (const key of names) {
          told.push({ kind, outcome: await registers.put(kind, key, `${text} ${key}`) });
          told.push({ kind, outcome: await registers.get(kind, key) });
        }
        return told;
      });
      return (await Promise.all(all)).flat();
    },
    [keys, value] as const,
  );
}

export function read({ page }: Student, kind: RegisterKind, key: string): Promise<Outcome> {
  return page.evaluate(([name, register]) => window.netsplit!.registers.get(name, register), [
    kind,
    key,
  ] as const);
}

/** What is about registers and about who can speak to whom, out of all that the tab has kept. */
export function notesOf({ page }: Student): Promise<TraceEvent[]> {
  return page.evaluate(() =>
    window
      .netsplit!.trace({ limit: 100_000 })
      .filter(
        (event) =>
          event.type === 'order' || (event.type === 'note' && event.protocol === 'registers'),
      ),
  );
}
