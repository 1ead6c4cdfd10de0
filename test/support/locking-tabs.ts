import type { AcquireOutcome, WriteOutcome } from '../../src/coordination/lock/words.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import type { MortalClass } from './mortal-class.ts';
import type { Student } from './classroom.ts';
import { until } from './until.ts';

export const LEASE_MS: Milliseconds = 2_000;

/** An election, and a lease that runs out, on a busy machine. */
const STEP_MS: Milliseconds = 60_000;

export function acquire({ page }: Student, name: string): Promise<AcquireOutcome> {
  return page.evaluate(
    ([lock, leaseMs, waitMs]) => window.netsplit!.lock.acquire(lock, { leaseMs, waitMs }),
    [name, LEASE_MS, STEP_MS] as const,
  );
}

export function write(
  { page }: Student,
  name: string,
  token: number,
  value: string,
): Promise<WriteOutcome> {
  return page.evaluate(([lock, with_, text]) => window.netsplit!.lock.write(lock, with_, text), [
    name,
    token,
    value,
  ] as const);
}

/** What the two resources of a lock hold, by the trace of whoever keeps them. */
async function keptOf(students: readonly Student[], name: string): Promise<string[][]> {
  const notes = await Promise.all(
    students.map(({ page }) =>
      page.evaluate(
        (lock) =>
          window
            .netsplit!.trace({ limit: 10_000 })
            .flatMap((event) =>
              event.type === 'note' && event.kind === 'written' && event.detail['name'] === lock
                ? [[String(event.detail['checked']), String(event.detail['kept'])]]
                : [],
            ),
        name,
      ),
    ),
  );
  return notes.flat();
}

/** How a holder that does not run for twice its lease comes to write late. */
export interface LateWrite {
  readonly first: AcquireOutcome;
  readonly second: AcquireOutcome;
  readonly inTime: WriteOutcome;
  readonly late: WriteOutcome;
  /** What the resource holds in the end that checks tokens, and the one that does not. */
  readonly checked: string | undefined;
  readonly unchecked: string | undefined;
}

/** @param sleep keeps the holder's node from running, and ends when it runs again */
export async function writeLate(
  room: MortalClass,
  holder: number,
  other: number,
  name: string,
  sleep: (holder: Student) => Promise<void>,
): Promise<LateWrite> {
  const [one, two] = [room.students[holder]!, room.students[other]!];
  const first = await acquire(one, name);
  const asleep = sleep(one);
  const second = await acquire(two, name);
  const inTime = await write(two, name, tokenOf(second), 'in time');
  await asleep;
  await until(
    () => one.page.evaluate((lock) => window.netsplit!.lock.state(lock).then((state) => state!.held === null), name),
    { what: 'the holder to look at its clock', deadlineMs: STEP_MS },
  ); // prettier-ignore
  const late = await write(one, name, tokenOf(first), 'late');
  const kept = await keptOf(room.students, name);
  const last = (checked: string) => kept.findLast(([which]) => which === checked)?.[1];
  return { first, second, inTime, late, checked: last('true'), unchecked: last('false') };
}

function tokenOf(outcome: AcquireOutcome): number {
  if (!('ok' in outcome) || !outcome.ok) throw new Error(`no lock: ${JSON.stringify(outcome)}`);
  return outcome.token;
}

/** The node alone is frozen, by a command of its own: the page goes on. */
export async function pauseForTwoLeases({ page }: Student): Promise<void> {
  await page.evaluate((ms) => window.netsplit!.pause(ms), 2 * LEASE_MS);
  await page.waitForFunction(() => window.netsplit!.self().state === 'joined', undefined, {
    timeout: STEP_MS,
    polling: 100,
  });
}
