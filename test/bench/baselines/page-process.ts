import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';
import { Server } from 'socket.io';
import { startStun } from '../../../signaling/stun-server.ts';
import { answer, startArgument } from '../processes/answer.ts';
import { serveRelay } from './bare-relay.ts';

/** Serves the bare page, relays its signals, and answers STUN as our server does. */

const pages = sirv(startArgument<string>(), { single: true });
const http = createServer((request, response) => pages(request, response));
const stun = await startStun({
  host: '127.0.0.1',
  port: 0,
  clock: () => performance.now(),
  count: () => undefined,
});
const io = new Server(http, { transports: ['websocket'], serveClient: false });
serveRelay(io, stun?.port ?? null);
http.listen(0, '127.0.0.1', () =>
  answer({ port: () => (http.address() as AddressInfo).port, stunPort: () => stun?.port }),
);
