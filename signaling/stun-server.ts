import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { MAX_STUN_BYTES, STUN_RATE } from './limits.ts';
import { answerStun } from './stun.ts';
import { TokenBucket } from './token-bucket.ts';

/** The standard's own port. */
export const DEFAULT_STUN_PORT = 3478;

/** A free port of IPv4 may be taken for IPv6; by the fourth draw it is not. */
const DRAWS = 4;

export interface StunServer {
  /** Of IPv4 and IPv6 alike. */
  readonly port: number;
  close(): Promise<void>;
}

export interface StunOptions {
  /** Where the web server listens; STUN listens there too. */
  readonly host: string;
  /** The port that is wanted; 0 for any. If it is taken, any other. */
  readonly port: number;
  readonly clock: () => number;
  /** Called for each packet. */
  count(outcome: 'answered' | 'ignored'): void;
}

/** @returns null if no UDP port could be opened at all */
export async function startStun(options: StunOptions): Promise<StunServer | null> {
  const ports = [options.port, ...Array<number>(DRAWS).fill(0)];
  for (const port of ports) {
    const sockets = await bindFamilies(options.host, port);
    if (sockets) return serve(sockets, options);
  }
  return null;
}

/** Both families on one port; a machine without IPv6 does with IPv4. */
async function bindFamilies(host: string, port: number): Promise<Socket[] | null> {
  if (isIP(host) === 4 && host !== '0.0.0.0') return one(await bind('udp4', host, port));
  if (isIP(host) === 6 && host !== '::') return one(await bind('udp6', host, port));

  const v4 = await bind('udp4', '0.0.0.0', port);
  if (typeof v4 === 'string') return null;
  const v6 = await bind('udp6', '::', v4.address().port);
  if (typeof v6 !== 'string') return [v4, v6];
  if (v6 !== 'EADDRINUSE') return [v4];
  v4.close();
  return null;
}

function one(socket: Socket | string): Socket[] | null {
  return typeof socket === 'string' ? null : [socket];
}

/** @returns the socket, or the system's code of what went wrong */
async function bind(
  type: 'udp4' | 'udp6',
  address: string,
  port: number,
): Promise<Socket | string> {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function serve(sockets: readonly Socket[], { clock, count }: StunOptions): StunServer {
  const bucket = new TokenBucket(STUN_RATE, clock());
  for (const socket of sockets) {
    socket.on('message', (packet, { address, port }) => {
      const mayAnswer = packet.length <= MAX_STUN_BYTES && bucket.take(1, clock());
      const answer = mayAnswer ? answerStun(packet, address, port) : undefined;
      count(answer ? 'answered' : 'ignored');
      // An answer that cannot be sent is an answer lost; the tab asks again.
      if (answer) socket.send(answer, port, address, () => undefined);
    });
    // Reports of the network about earlier answers; nothing is owed to anyone.
    socket.on('error', () => count('ignored'));
  }
  return {
    port: sockets[0]!.address().port,
    async close() {
      await Promise.all(sockets.map((s) => new Promise<void>((done) => s.close(() => done()))));
    },
  };
}
