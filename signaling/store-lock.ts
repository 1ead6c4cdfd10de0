import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The shortest limit of a socket's path among the systems we run on is 104 bytes, with its zero. */
const MAX_SOCKET_PATH = 103;

/**
 * Holds a data directory for one process by listening on a local socket in it. Unlike a file with a
 * process id, this cannot outlive its process: after a crash nobody answers there any more.
 *
 * @returns how to let go, or undefined if another process holds it
 */
export async function lockDirectory(directory: string): Promise<(() => Promise<void>) | undefined> {
  const path = socketPath(directory);
  const server = createServer((socket) => socket.destroy());
  for (const attempt of ['first', 'after a crash']) {
    try {
      server.listen(path);
      await once(server, 'listening');
      server.unref();
      return () => new Promise<void>((done) => server.close(() => done()));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (attempt !== 'first' || (await answers(path))) return undefined;
      await rm(path, { force: true });
    }
  }
  return undefined;
}

function socketPath(directory: string): string {
  const name = `netsplit-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const inside = join(directory, 'lock.sock');
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `${name}.sock`);
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
