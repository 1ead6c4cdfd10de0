import type { Page } from 'playwright-core';
import type { TeacherConsole } from '../../client/session/console-teacher.ts';
import type { Student } from './classroom.ts';

type Orders = TeacherConsole['teacher'];
export type Observed = ReturnType<Orders['observe']>;

/** What the teacher does must reach a class that is busy, and not more. */
const STEP_MS = 60_000;

/** The teacher's page, reached through its console. */
export class Teacher {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the page is in the room. */
  async is(state: 'joined'): Promise<void> {
    await this.page.waitForFunction((wanted) => window.netsplit?.self().state === wanted, state);
  }

  /** A refusal rejects with its name and its sentence. */
  async order<Name extends 'links' | 'partition' | 'heal' | 'choose' | 'node'>(
    name: Name,
    ...args: Parameters<Orders[Name]>
  ): Promise<{ version: number }> {
    return (await this.ask(name, args)) as { version: number };
  }

  async observe(): Promise<Observed> {
    return (await this.ask('observe', [])) as Observed;
  }

  /** Whatever somebody may type into the console. */
  ask(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.page.evaluate(
      ([called, text]) => {
        const teacher = window.netsplit!.teacher as unknown as Record<
          string,
          (...args: unknown[]) => unknown
        >;
        return teacher[called!]!(...(JSON.parse(text!) as unknown[]));
      },
      [name, JSON.stringify(args)],
    );
  }

  /** Waits until this page has a link of its own to so many nodes. */
  async watches(count: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        window.netsplit?.teacher?.observe().nodes.filter(({ watched }) => watched).length ===
        wanted,
      count,
      { timeout: STEP_MS },
    );
  }
}

/** Waits until each of them obeys this network. */
export async function obey(students: readonly Student[], version: number): Promise<void> {
  await Promise.all(
    students.map(({ page }) =>
      page.waitForFunction((wanted) => window.netsplit!.network().version >= wanted, version, {
        timeout: STEP_MS,
      }),
    ),
  );
}

export interface Ordered {
  readonly sequence: number;
  readonly at: number;
}

/** When a node was told of this network, by its trace. */
export async function toldOf(student: Student, version: number): Promise<Ordered> {
  const trace = await student.call('trace', { limit: 100_000 });
  const order = trace.find((event) => event.type === 'order' && event.version === version);
  if (order === undefined) throw new Error(`no order of version ${version} is in the trace`);
  return order;
}
