import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Not a network that anyone is on: it exists only between the namespaces of one test. */
const NETWORK = '10.77.0';

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Null if this machine can make a LAN of namespaces, else why not. */
export function whyNoLan(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  const probe = `netsplit-probe-${process.pid}`;
  try {
    ip('netns', 'add', probe);
    ip('netns', 'del', probe);
    return null;
  } catch (error) {
    return `network namespaces cannot be made here (${String(error).split('\n')[0]})`;
  }
}

/**
 * A switch with hosts on it, each in a network namespace of its own: no default route, no multicast,
 * no way out. What a classroom's access point is when the internet is down and mDNS is filtered.
 */
export class Lan {
  readonly #name = `netsplit${process.pid}`;
  #hosts = 0;
  #folder = '';

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'netsplit-lan-'));
    ip('netns', 'add', this.#switch());
    ip('-n', this.#switch(), 'link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0');
    ip('-n', this.#switch(), 'link', 'set', 'bridge', 'up');
  }

  async close(): Promise<void> {
    for (let host = 1; host <= this.#hosts; host++) ip('netns', 'del', this.#host(host));
    ip('netns', 'del', this.#switch());
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @returns its address, and the command words that run something on it */
  addHost(): { address: string; within: readonly string[] } {
    const number = ++this.#hosts;
    const host = this.#host(number);
    const port = `port${number}`;
    const address = `${NETWORK}.${number}`;
    ip('netns', 'add', host);
    ip(
      '-n',
      this.#switch(),
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      host,
    );
    ip('-n', this.#switch(), 'link', 'set', port, 'master', 'bridge', 'up');
    ip('-n', host, 'link', 'set', 'lo', 'up');
    ip('-n', host, 'link', 'set', 'eth0', 'multicast', 'off', 'up');
    ip('-n', host, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    return { address, within: ['ip', 'netns', 'exec', host] };
  }

  /** As a school's filter does: web pages load, but nothing that is UDP leaves that host. */
  blockUdp(within: readonly string[]): void {
    ip('-n', within.at(-1)!, 'rule', 'add', 'ipproto', 'udp', 'blackhole');
  }

  /** An executable file that runs another one on that host, for programs that take only a path. */
  async wrap(within: readonly string[], executable: string): Promise<string> {
    const path = join(this.#folder, within.at(-1)!);
    await writeFile(path, `#!/bin/sh\nexec ${within.join(' ')} '${executable}' "$@"\n`);
    await chmod(path, 0o755);
    return path;
  }

  #switch(): string {
    return `${this.#name}-switch`;
  }

  #host(number: number): string {
    return `${this.#name}-${number}`;
  }
}
