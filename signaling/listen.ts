import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Its message is a sentence for whoever started the server. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** What a machine without IPv6 answers to `::`. */
const WITHOUT_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

/** Takes the first of the ports that is free. `::` also serves IPv4, and becomes `0.0.0.0` without IPv6. */
export async function listen(
  http: Server,
  ports: readonly number[],
  host: string,
): Promise<{ port: number; host: string }> {
  for (const port of ports) {
    const outcome = await tryPort(http, port, host);
    if (typeof outcome !== 'string') return outcome;
    if (outcome !== 'EADDRINUSE') throw new ListenError(sentence(outcome, port, host));
  }
  throw new ListenError(
    `Port ${ports.join(', ')} is taken by another program. Stop it, or choose another with --port N.`,
  );
}

/** @returns where it listens, or the system's code of what went wrong */
async function tryPort(
  http: Server,
  port: number,
  host: string,
): Promise<{ port: number; host: string } | string> {
  try {
    http.listen(port, host);
    await once(http, 'listening');
    return { port: (http.address() as AddressInfo).port, host };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (host === '::' && WITHOUT_IPV6.has(code)) return tryPort(http, port, '0.0.0.0');
    return code;
  }
}

function sentence(code: string, port: number, host: string): string {
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this program has. Choose one above 1023 with --port N.`;
  return `The server cannot listen at ${host} (${code}). Choose another address with --host H.`;
}
