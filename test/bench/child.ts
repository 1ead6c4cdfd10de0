import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A process that answers questions: what is measured and what measures it must not share a heap.
 * The process prints nothing; it sends `ready` and then one answer a question.
 */
export class Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** @param module path beside this file */
  static async start(module: string, argument: unknown = null): Promise<Child> {
    const path = fileURLToPath(new URL(module, import.meta.url));
    const process = fork(path, [JSON.stringify(argument)], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
    });
    const child = new Child(process);
    await child.#next();
    return child;
  }

  async ask<Answer>(question: string, argument: unknown = null): Promise<Answer> {
    this.#process.send({ question, argument });
    return (await this.#next()) as Answer;
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** The next message, or why there will be none. */
  async #next(): Promise<unknown> {
    const ended = new AbortController();
    const exit = once(this.#process, 'exit', ended).then(
      ([code]) => {
        throw new Error(`a process of the bench ended with ${code}`);
      },
      () => undefined,
    );
    const message = once(this.#process, 'message', ended).then(([value]) => value as unknown);
    try {
      return await Promise.race([message, exit]);
    } finally {
      ended.abort();
      message.catch(() => undefined);
    }
  }
}
