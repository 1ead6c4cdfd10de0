import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { answer, cpuMs, memory } from '../processes/answer.ts';
import { serveRelay } from './bare-relay.ts';

const http = createServer();
serveRelay(new Server(http, { transports: ['websocket'], serveClient: false }), null);
http.listen(0, '127.0.0.1', () =>
  answer({ port: () => (http.address() as AddressInfo).port, cpuMs, memory }),
);
