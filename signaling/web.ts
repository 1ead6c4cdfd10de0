import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { REFUSALS, type RefusalCode } from '../src/wire/refusals.ts';
import { parseRoomCode, type Milliseconds } from '../src/vocabulary.ts';
import { publicOrigin, sameOrigin } from './addresses.ts';
import type { Archive } from './archive.ts';
import type { Directory } from './directory.ts';
import { setSecurityHeaders } from './headers.ts';
import { REMEMBERED_ADDRESSES, type Limits } from './limits.ts';
import type { Census, Metrics, RouteName, Tally } from './metrics.ts';
import { isPage, type Pages } from './pages.ts';
import { TokenBucket } from './token-bucket.ts';
import type { TabSocket } from './visitor.ts';

export interface WebOptions {
  readonly directory: Directory<TabSocket>;
  readonly archive: Archive;
  readonly tally: Tally;
  readonly metrics: Metrics;
  readonly pages: Pages;
  readonly limits: Limits;
  readonly version: string;
  readonly clock: () => Milliseconds;
  readonly startedAt: Milliseconds;
  census(): Census;
  readonly stunPort: number | null;
  /** Where others reach this server, as far as it knows by itself. */
  ownUrl(): string;
  isClosing(): boolean;
}

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => void;

const NOT_BUILT =
  'The pages of Netsplit have not been built. Start the server with "npm start", which builds them.\n';
const NOT_FOUND = 'There is nothing here. The lobby is at /\n';

/** Everything over plain HTTP. Sockets have a path of their own, which socket.io answers. */
export function makeWebHandler(options: WebOptions): RequestListener {
  const creators = new Map<string, TokenBucket>();
  const handlers: Record<RouteName, Handler> = {
    health: (_request, response) => {
      const { rooms, nodes, observers } = options.census();
      sendJson(response, 200, {
        ok: true,
        version: options.version,
        uptimeSeconds: Math.floor((options.clock() - options.startedAt) / 1_000),
        rooms,
        members: nodes + observers,
        stunPort: options.stunPort,
      });
    },

    metrics: (_request, response) => {
      void options.metrics.text().then((text) => {
        send(response, 200, options.metrics.contentType, text);
      });
    },

    'create-room': (request, response) => {
      request.resume();
      void createRoom(request, response);
    },

    room: (_request, response, path) => {
      const code = parseRoomCode(path.slice('/rooms/'.length));
      const room = code && options.directory.get(code);
      if (!room) return sendRefusal(response, 404, 'unknown-room');
      const { name, locked } = room.info();
      sendJson(response, 200, { code, name, locked, full: room.full, ended: room.ended });
    },

    page: servePage,
    asset: servePage,
    nowhere: (_request, response) => send(response, 404, 'text/plain; charset=utf-8', NOT_FOUND),
  };

  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const route = findRoute(request.method ?? '', path);
    setSecurityHeaders(request, response);
    response.once('finish', () => options.metrics.countRequest(route, response.statusCode));
    handlers[route](request, response, path);
  };

  function servePage(request: IncomingMessage, response: ServerResponse, path: string): void {
    const served = options.pages.serve(request, response, path);
    if (served === 'not-built') send(response, 503, 'text/plain; charset=utf-8', NOT_BUILT);
    if (served === 'nowhere') handlers.nowhere(request, response, path);
  }

  async function createRoom(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, host } = request.headers;
    if (!sameOrigin(origin, host))
      return send(response, 403, 'text/plain; charset=utf-8', 'Open this from its own page.\n');
    if (options.isClosing()) return sendRefusal(response, 503, 'closing');
    if (!mayCreate(request.socket.remoteAddress ?? ''))
      return sendRefusal(response, 429, 'too-fast');
    const created = options.directory.create(options.clock());
    if (created === 'too-many-rooms') return sendRefusal(response, 503, 'too-many-rooms');
    const { room, forgotten } = created;
    if (forgotten) void options.archive.forget(forgotten);
    if (!(await options.archive.save(room))) return sendRefusal(response, 503, 'not-saved');
    const joinUrl = `${publicOrigin(origin, options.ownUrl())}/r/${room.code}`;
    const { code, key } = room;
    sendJson(response, 201, { code, key, joinUrl, teachUrl: `${joinUrl}/teach#${key}` });
  }

  function mayCreate(address: string): boolean {
    const now = options.clock();
    const bucket = creators.get(address) ?? new TokenBucket(options.limits.roomsPerAddress, now);
    creators.delete(address);
    creators.set(address, bucket);
    if (creators.size > REMEMBERED_ADDRESSES) creators.delete(creators.keys().next().value!);
    return bucket.take(1, now);
  }

  function sendRefusal(response: ServerResponse, status: number, code: RefusalCode): void {
    options.tally.refuse(code);
    sendJson(response, status, { code, message: REFUSALS[code] });
  }
}

function findRoute(method: string, path: string): RouteName {
  if (method === 'POST') return path === '/rooms' ? 'create-room' : 'nowhere';
  if (method !== 'GET' && method !== 'HEAD') return 'nowhere';
  if (path === '/health') return 'health';
  if (path === '/metrics') return 'metrics';
  if (path.startsWith('/rooms/')) return 'room';
  return isPage(path) ? 'page' : 'asset';
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status).end(body);
}
