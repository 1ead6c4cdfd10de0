import { randomBytes } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import { isIP, type Socket as TcpSocket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { IceServer } from '../src/wire/signaling-messages.ts';
import type { Milliseconds } from '../src/vocabulary.ts';
import { lanAddress, publicOrigin } from './addresses.ts';
import { Archive } from './archive.ts';
import { refusal, type Desk } from './desk.ts';
import { Directory } from './directory.ts';
import {
  DEFAULT_LIMITS,
  HEADERS_WITHIN_MS,
  KEEP_ALIVE_MS,
  MAX_HEADER_BYTES,
  REQUEST_WITHIN_MS,
  SPARE_CONNECTIONS,
  type Limits,
} from './limits.ts';
import { listen } from './listen.ts';
import { makeMetrics, Tally, type Census } from './metrics.ts';
import { Pages } from './pages.ts';
import { makeSocketServer, serveSockets, sweep } from './sockets.ts';
import { openStore } from './store.ts';
import { DEFAULT_STUN_PORT, startStun } from './stun-server.ts';
import { TokenBucket } from './token-bucket.ts';
import type { TabSocket } from './visitor.ts';
import { makeWebHandler } from './web.ts';

export interface ServerOptions {
  /** Tried in order. 0 is any. */
  readonly ports: readonly number[];
  readonly host: string;
  /** Where rooms are kept. */
  readonly data: string;
  /** The built client. */
  readonly dist: string;
  readonly version?: string;
  readonly stunPort?: number;
  readonly iceServers?: readonly IceServer[];
  readonly limits?: Partial<Limits>;
  /** True milliseconds since 1970 that never jump. */
  readonly clock?: () => Milliseconds;
  /** Takes a sentence about something that went wrong and that the server survived. */
  readonly report?: (problem: string) => void;
}

export interface SignalingServer {
  readonly port: number;
  readonly stunPort: number | null;
  /** Where others on the network reach it, as far as it knows. */
  readonly url: string;
  readonly tally: Readonly<Tally>;
  census(): Census;
  /** The room that is printed at the start. It is made if there is none, and durable then. */
  house(): Promise<{ joinUrl: string; teachUrl: string }>;
  /** Keeps the deadlines now, as it does every second by itself. */
  sweep(): void;
  /** Tells the tabs, closes everything, and leaves the store in order. */
  close(): Promise<void>;
}

/** A whole server. Nothing is shared between two of them in one process. */
export async function startServer(options: ServerOptions): Promise<SignalingServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const clock = options.clock ?? (() => performance.timeOrigin + performance.now());
  const report = options.report ?? (() => undefined);
  const startedAt = clock();
  const tally = new Tally();

  const store = await openStore(options.data);
  const loaded = await store.load(startedAt - limits.forgetRoomAfterMs);
  loaded.problems.forEach(report);
  const directory = new Directory<TabSocket>(limits, randomBytes);
  for (const record of loaded.rooms) directory.restore(record, startedAt);
  const archive = new Archive(store, report);

  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  http.maxConnections = limits.connections + SPARE_CONNECTIONS;
  const connections = trackConnections(http);
  const stun = await startStun({
    host: options.host,
    port: options.stunPort ?? DEFAULT_STUN_PORT,
    clock,
    count: (outcome) => {
      if (outcome === 'answered') tally.stunAnswered++;
      else tally.stunIgnored++;
    },
  });
  const stunPort = stun?.port ?? null;

  let url = '';
  const census = () => takeCensus(desk);
  // Before the sockets: socket.io takes its own requests out of the hands of whoever listens then.
  http.on(
    'request',
    makeWebHandler({
      directory,
      archive,
      tally,
      metrics: makeMetrics(tally, census),
      pages: new Pages(options.dist),
      limits,
      version: options.version ?? '0',
      clock,
      startedAt,
      census,
      stunPort,
      ownUrl: () => url,
      isClosing: () => desk.closing,
    }),
  );
  const io = makeSocketServer(http, limits);
  const desk: Desk = {
    io,
    directory,
    archive,
    tally,
    limits,
    clock,
    ice: { stunPort, servers: options.iceServers ?? [] },
    entering: new TokenBucket(limits.enterRate, startedAt),
    waiting: new Map(),
    joinUrl: (origin, code) => `${publicOrigin(origin, url)}/r/${code}`,
    closing: false,
  };
  serveSockets(desk);

  const { port, host } = await listen(http, options.ports, options.host).catch(async (error) => {
    await stun?.close();
    await store.close();
    throw error;
  });
  url = ownUrl(host, port);
  const sweeping = setInterval(() => sweep(desk), limits.sweepEveryMs);

  return {
    port,
    stunPort,
    url,
    tally,
    census,
    async house() {
      const { room, isNew } = directory.house(clock());
      if (isNew) await archive.save(room);
      const joinUrl = `${url}/r/${room.code}`;
      return { joinUrl, teachUrl: `${joinUrl}/teach#${room.key}` };
    },
    sweep: () => sweep(desk),
    async close() {
      if (desk.closing) return;
      desk.closing = true;
      clearInterval(sweeping);
      io.emit('refused', refusal('closing'));
      await archive.settle();
      const closed = io.close();
      const hanging = setTimeout(() => connections.forEach((c) => c.destroy()), limits.shutdownMs);
      await closed;
      clearTimeout(hanging);
      await stun?.close();
      await archive.settle();
      await store.close();
    },
  };
}

/** Node does not know of connections that have become WebSockets; at the end we must. */
function trackConnections(http: HttpServer): Set<TcpSocket> {
  const connections = new Set<TcpSocket>();
  function forget(this: TcpSocket): void {
    connections.delete(this);
  }
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', forget);
  });
  return connections;
}

function ownUrl(host: string, port: number): string {
  const everywhere = host === '::' || host === '0.0.0.0';
  const loopback = host === '127.0.0.1' || host === '::1';
  const name = everywhere ? lanAddress(networkInterfaces()) : loopback ? undefined : host;
  return `http://${isIP(name ?? '') === 6 ? `[${name}]` : (name ?? 'localhost')}:${port}`;
}

function takeCensus({ directory, io }: Desk): Census {
  let nodes = 0;
  let observers = 0;
  let attempts = 0;
  for (const room of directory.all()) {
    nodes += room.countPresent('node');
    observers += room.countPresent('observer', 'onlooker');
    attempts += room.countAttempts();
  }
  return { rooms: directory.size, sockets: io.engine.clientsCount, nodes, observers, attempts };
}
