import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/**
 * All processes of one browser that a test has started, found by a switch that only it was given:
 * a browser is a dozen processes, and freezing or killing one of them is not what happens to a laptop.
 */
export class BrowserProcesses {
  /** To be passed to the browser, which ignores what it does not know. */
  readonly mark = `--netsplit-test=${randomBytes(8).toString('hex')}`;

  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** @returns how to kill all that run now; finding them takes longer than a test that aims can wait */
  aim(): () => void {
    const pids = this.#pids();
    return () => send(pids, 'SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    send(this.#pids(), signal);
  }

  /** The browser itself first, so that it sees none of its children change. */
  #pids(): number[] {
    const processes = running();
    const root = processes.find(({ command }) => command.includes(this.mark));
    if (root === undefined) throw new Error(`no browser runs with ${this.mark}`);
    const pids = [root.pid];
    for (const parent of pids)
      pids.push(...processes.filter((each) => each.parent === parent).map(({ pid }) => pid));
    return pids;
  }
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It went with its parent.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function running(): Running[] {
  const text = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parent, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command: command!,
  }));
}
