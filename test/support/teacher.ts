import type { BrowserContext, Page } from 'playwright-core';
import type { Student } from './classroom.ts';

/** A document that the teacher laid upon the room must reach a class that is busy, and not more. */
const STEP_MS = 60_000;

/** A teacher's page, reached as a program would: through `netsplit.teacher`. */
export class Teacher {
  readonly page: Page;
  readonly context: BrowserContext;

  constructor({ page, context }: { page: Page; context: BrowserContext }) {
    this.page = page;
    this.context = context;
  }

  /** The answer as JSON; a refusal rejects with its sentence. */
  async call<Answer>(name: string, ...args: readonly unknown[]): Promise<Answer> {
    const answer: unknown = await this.page.evaluate(
      async ([called, text]) => {
        const { teacher } = window.netsplit as unknown as {
          teacher: Record<string, (...args: unknown[]) => unknown>;
        };
        return teacher[called!]!(...(JSON.parse(text!) as unknown[]));
      },
      [name, JSON.stringify(args)],
    );
    return answer as Answer;
  }

  /** Waits until this page has a link of its own to so many nodes. */
  async watches(count: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const { teacher } = window.netsplit as unknown as {
          teacher?: { observe(): { nodes: readonly { watched: boolean }[] } };
        };
        return teacher?.observe().nodes.filter(({ watched }) => watched).length === wanted;
      },
      count,
      { timeout: STEP_MS },
    );
  }
}

export interface Order {
  readonly type: 'order';
  readonly sequence: number;
  readonly at: number;
  readonly title: string;
  readonly version: number | null;
}

/** Waits until a node obeys the newest thing that the teacher did, and gives back the order. */
export async function obeys(student: Student, version: number): Promise<Order> {
  const handle = await student.page.waitForFunction(
    (wanted) =>
      window
        .netsplit!.trace({ limit: 100_000 })
        .findLast((event) => event.type === 'order' && event.version === wanted),
    version,
    { timeout: STEP_MS },
  );
  return (await handle.jsonValue()) as unknown as Order;
}
