import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { NetsplitConsole } from '../../client/session/console.ts';
import { launchBrowser, type BrowserOptions } from './browser.ts';
import { startTestServer, type ServerOptions, type TestServer } from './server.ts';

/** A class whose laptops are slow: what a step of a test may take before it counts as hanging. */
const STEP_MS = 60_000;

/** Not with each picture: asked of many tabs at once, that alone would keep them from linking. */
const POLL_MS = 100;

export interface ClassroomOptions {
  readonly browser?: BrowserOptions;
  readonly server?: ServerOptions;
}

/** A real server and one browser in which every student sits in a context of their own. */
export class Classroom {
  readonly server: TestServer;
  readonly browser: Browser;
  readonly students: Student[] = [];

  private constructor(server: TestServer, browser: Browser) {
    this.server = server;
    this.browser = browser;
  }

  static async open({ browser, server }: ClassroomOptions = {}): Promise<Classroom> {
    return new Classroom(await startTestServer(server), await launchBrowser(browser));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** Students open the link, all at once, and are given back when each of them is a node. */
  async join(count: number, url = this.server.joinUrl): Promise<Student[]> {
    const joined = await Promise.all(Array.from({ length: count }, () => this.enter(url)));
    await Promise.all(joined.map((student) => student.is('joined')));
    return joined;
  }

  /** One student opens the link; nothing more is waited for. @param prepare is called before it does */
  async enter(
    url = this.server.joinUrl,
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Student> {
    const context = await this.browser.newContext();
    await context.addInitScript(keepConnections);
    const page = await context.newPage();
    await prepare(page);
    return this.#open(page, url);
  }

  /** Opens a tab that was killed again, as browsers do: in its session, so it is the same node's next life. */
  async reopen({ page: killed }: Student, session: Session): Promise<Student> {
    const page = await killed.context().newPage();
    await page.addInitScript(takeUpSession, session);
    const student = await this.#open(page, killed.url());
    await killed.close();
    return student;
  }

  async teach(url = this.server.teachUrl): Promise<{ page: Page; context: BrowserContext }> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    return { page, context };
  }

  async #open(page: Page, url: string): Promise<Student> {
    const student = new Student(page);
    this.students.push(student);
    await page.goto(url);
    return student;
  }
}

/** What a browser keeps of a tab while the tab lives, and gives it again when it restores it. */
export type Session = Readonly<Record<string, string>>;

/** Runs in the page. */
function readSession(): Session {
  return { ...sessionStorage };
}

/** Runs in a restored page before its own code. */
function takeUpSession(session: Session): void {
  for (const [key, value] of Object.entries(session))
    if (sessionStorage.getItem(key) === null) sessionStorage.setItem(key, value);
}

/** Waits until a teacher's page shows what this student's node has reported of itself. */
export async function seesAs(page: Page, student: Student, state: string): Promise<void> {
  const { name } = await student.call('self');
  await page
    .getByText(`${name}: ${state}`)
    .first()
    .waitFor({ state: 'attached', timeout: STEP_MS });
}

declare global {
  interface Window {
    /** The page's real peer connections, for tests that count them or break one. */
    testConnections?: { made(): number; closeOne(): boolean };
  }
}

/** Runs in each page before its own code: remembers the connections that it makes. */
function keepConnections(): void {
  const made: RTCPeerConnection[] = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given: ConstructorParameters<typeof Real>) {
      super(...given);
      made.push(this);
    }
  };
  window.testConnections = {
    made: () => made.length,
    closeOne() {
      const open = made.find(({ connectionState }) => connectionState === 'connected');
      open?.close();
      return open !== undefined;
    },
  };
}

/** What can be called; the board's calls are one level down. */
type Call = Exclude<keyof NetsplitConsole, 'board' | 'election' | 'kv' | 'lock' | 'registers'>;

/** One student's tab, reached as a curious student would: through the console. */
export class Student {
  readonly page: Page;
  /** What the page complained of; a test asserts that it is empty. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  async call<Name extends Call>(
    name: Name,
    ...args: Parameters<NetsplitConsole[Name]>
  ): Promise<ReturnType<NetsplitConsole[Name]>> {
    // As text, since the compiler cannot see to the end of the type of any JSON.
    const given = JSON.stringify(args);
    const answer: unknown = await this.page.evaluate(
      ([called, text]) => {
        const ours = window.netsplit as unknown as Record<string, (...args: unknown[]) => unknown>;
        return ours[called!]!(...(JSON.parse(text!) as unknown[]));
      },
      [name, given],
    );
    return answer as ReturnType<NetsplitConsole[Name]>;
  }

  /** Waits until this node's state is the one given. */
  async is(state: string): Promise<void> {
    await this.page.waitForFunction((wanted) => window.netsplit?.self().state === wanted, state, {
      timeout: STEP_MS,
      polling: POLL_MS,
    });
  }

  /** Waits until exactly `count` links are open, and answers how long it took in this tab. */
  async hasOpenLinks(count: number, timeout = STEP_MS): Promise<number> {
    const handle = await this.page.waitForFunction(
      (wanted) => {
        const open = window.netsplit?.peers().filter((peer) => peer.link === 'open').length;
        return open === wanted && performance.timeOrigin + performance.now();
      },
      count,
      { timeout, polling: POLL_MS },
    );
    return Number(await handle.jsonValue());
  }

  session(): Promise<Session> {
    return this.page.evaluate(readSession);
  }

  async hasDelivered(...ids: readonly string[]): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const delivered = new Set(window.netsplit?.delivered().map(({ id }) => id));
        return wanted.every((id) => delivered.has(id));
      },
      ids,
      { timeout: STEP_MS, polling: POLL_MS },
    );
  }
}

/** Waits until each of them has an open link to every other. */
export async function fullMesh(students: readonly Student[], timeout = STEP_MS): Promise<void> {
  await Promise.all(students.map((student) => student.hasOpenLinks(students.length - 1, timeout)));
}

/** Ids of open links of one student, sorted. */
export async function openLinks(student: Student): Promise<string[]> {
  const peers = await student.call('peers');
  return peers
    .filter((peer) => peer.link === 'open')
    .map((peer) => peer.id)
    .sort();
}
