import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A cold start compiles the server's sources; a busy machine takes seconds for it. */
const START_LIMIT_MS = 30_000;

/** The server says goodbye to its tabs before it goes; then it is made to. */
const STOP_LIMIT_MS = 10_000;

const JOIN_LINE = /^Join\s+\S+\/r\/(\w+)/m;
const TEACH_LINE = /^Teach\s+(\S+)\/r\/\w+\/teach#(\w+)/m;

export interface ServerOptions {
  /** More options of `npm start`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it listens; loopback unless told. */
  readonly host?: string;
  /** Command words before its own, for a server that is to run somewhere else. */
  readonly within?: readonly string[];
}

/** The real server in a process of its own, with a data folder of its own, on loopback. */
export class TestServer {
  /** What it has printed so far, in all its lives: for the message of a test that fails. */
  output = '';
  code = '';
  key = '';

  readonly #options: ServerOptions;
  readonly #data: string;
  #port = 0;
  #child: ChildProcess | undefined;

  constructor(data: string, options: ServerOptions) {
    this.#data = data;
    this.#options = options;
  }

  get origin(): string {
    return `http://${this.#host()}:${this.#port}`;
  }
  get joinUrl(): string {
    return `${this.origin}/r/${this.code}`;
  }
  get teachUrl(): string {
    return `${this.joinUrl}/teach#${this.key}`;
  }
  get dataFolder(): string {
    return this.#data;
  }
  /** The server's process, while it lives. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const [program, ...words] = this.#command();
    const child = spawn(program!, words, {
      cwd: REPOSITORY,
      env: { ...process.env, ...this.#options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        this.output += text;
      });

    const outcome = await until(
      () => {
        if (child.exitCode !== null || child.signalCode !== null) return 'gone';
        return JOIN_LINE.test(said) && TEACH_LINE.test(said) && 'ready';
      },
      { what: 'the server’s Join and Teach lines', deadlineMs: START_LIMIT_MS },
      () => said,
    );
    if (outcome === 'gone') throw new Error(`the server exited at once: ${said}`);
    this.#read(said);
  }

  /** Ends the process and waits until it is gone. `SIGKILL` leaves it no last word. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(insist);
  }

  /** The same data on the same port, as after a power cut that is over. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Ends the server and forgets its data. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    await rm(this.#data, { recursive: true, force: true });
  }

  #command(): string[] {
    const { within = [], args = [] } = this.#options;
    const options = ['--host', this.#host(), '--port', String(this.#port), '--data', this.#data];
    const words = ['--import', 'tsx', 'signaling/main.ts', ...options, ...args];
    return [...within, process.execPath, ...words];
  }

  #host(): string {
    return this.#options.host ?? '127.0.0.1';
  }

  #read(said: string): void {
    const [, code = ''] = JOIN_LINE.exec(said) ?? [];
    const [, teachOrigin = '', key = ''] = TEACH_LINE.exec(said) ?? [];
    this.code = code;
    this.key = key;
    this.#port = Number(new URL(teachOrigin).port);
  }
}

/** Starts a server on a free port. Tests stop it in `afterAll` or `onTestFinished`. */
export async function startTestServer(options: ServerOptions = {}): Promise<TestServer> {
  const server = new TestServer(await mkdtemp(join(tmpdir(), 'netsplit-data-')), options);
  await server.start();
  return server;
}
