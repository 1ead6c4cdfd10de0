import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { sameOrigin } from './addresses.ts';
import type { Desk } from './desk.ts';
import { MAX_MESSAGE_BYTES, type Limits } from './limits.ts';
import { receive } from './messages.ts';
import { lose } from './reception.ts';
import { Visitor, type TabServer, type TabSocket } from './visitor.ts';

/** As ws says it of a message beyond MAX_MESSAGE_BYTES, before it closes the connection. */
const TOO_LARGE = /max payload size/i;

export function makeSocketServer(http: HttpServer, limits: Limits): TabServer {
  const io: TabServer = new Server(http, {
    // A reconnected tab enters anew; replaying what it missed would hand it stale descriptions.
    // (connectionStateRecovery is off unless configured.)
    transports: ['websocket'],
    serveClient: false,
    // Descriptions are small and sent once: compressing costs 300 kB a socket and saves nothing.
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: limits.enterWithinMs,
    allowRequest: ({ headers }, decide) => {
      if (io.engine.clientsCount >= limits.connections) decide('too many connections', false);
      else if (!sameOrigin(headers.origin, headers.host)) decide('another site', false);
      else decide(null, true);
    },
  });
  return io;
}

/** Listeners are shared by all sockets, so that a socket costs no closures. */
export function serveSockets(desk: Desk): void {
  function onMessage(this: TabSocket, event: unknown, ...args: unknown[]): void {
    receive(desk, this, event, args);
  }
  function onDisconnect(this: TabSocket, _reason: string, detail?: unknown): void {
    if (detail instanceof Error && TOO_LARGE.test(detail.message)) desk.tally.refuse('too-large');
    lose(desk, this);
  }
  desk.io.on('connection', (socket) => {
    const now = desk.clock();
    socket.data = new Visitor(desk.limits.socketRate, now);
    desk.waiting.set(socket, now);
    // The request of the handshake has been read; it is a third of what a socket would hold.
    (socket.conn as { request: unknown }).request = null;
    socket.onAny(onMessage);
    socket.on('disconnect', onDisconnect);
  });
}

/** Keeps the deadlines: of sockets that do not enter, and of tabs that stay away. */
export function sweep(desk: Desk): void {
  const now = desk.clock();
  for (const [socket, since] of desk.waiting) {
    if (now - since < desk.limits.enterWithinMs) break;
    desk.waiting.delete(socket);
    socket.disconnect(true);
  }
  for (const room of desk.directory.all()) {
    const gone = room.expire(now);
    if (gone.length > 0) void desk.archive.save(room);
    for (const seat of gone) desk.io.to(room.code).emit('gone', seat.id);
  }
}
