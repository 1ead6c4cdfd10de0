import type { Page } from 'playwright-core';
import type { TeacherConsole } from '../../client/session/console-teacher.ts';
import type { Student } from './classroom.ts';

type Orders = TeacherConsole['teacher'];

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

  async order<Name extends keyof Orders>(
    name: Name,
    ...args: Parameters<Orders[Name]>
  ): Promise<{ version: number }> {
    const answer: unknown = await this.page.evaluate(
      ([called, text]) => {
        const teacher = window.netsplit!.teacher as unknown as Record<
          string,
          (...args: unknown[]) => unknown
        >;
        return teacher[called!]!(...(JSON.parse(text!) as unknown[]));
      },
      [name, JSON.stringify(args)],
    );
    return answer as { version: number };
  }
}

/** Waits until each of them obeys this network. */
export async function obey(students: readonly Student[], version: number): Promise<void> {
  await Promise.all(
    students.map(({ page }) =>
      page.waitForFunction((wanted) => window.netsplit!.network().version >= wanted, version),
    ),
  );
}
