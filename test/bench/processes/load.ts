import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { makeNodeId, type NodeId } from '../../../src/vocabulary.ts';
import { answer, startArgument } from './answer.ts';
import { ATTEMPT } from './attempt.ts';

/** Many tabs' sockets in one process, to either server: both hear the same words. */

export interface Load {
  readonly port: number;
  /** Ours makes rooms on request; the bare relay takes any name. */
  readonly server: 'ours' | 'bare';
}

const load = startArgument<Load>();
const origin = `http://127.0.0.1:${load.port}`;

/** Sockets that open at once: as many as a class has, so that no listen queue overflows. */
const OPENING = 40;

/** Signals on their way within a pair: a few, as during a join. */
const IN_FLIGHT = 4;

interface Seat {
  readonly id: NodeId;
  readonly socket: Socket;
}

const seats: Seat[] = [];
let received = 0;

async function makeRoom(number: number): Promise<string> {
  if (load.server === 'bare') return `room ${number}`;
  const response = await fetch(`${origin}/rooms`, { method: 'POST' });
  const { code } = (await response.json()) as { code: string };
  return code;
}

async function openSeat(room: string): Promise<Seat> {
  const socket = io(origin, { transports: ['websocket'], forceNew: true, reconnection: false });
  const id = makeNodeId(randomBytes(10));
  const entering = {
    ...{ room, id, secret: randomBytes(16).toString('hex') },
    ...{ incarnation: 1, name: 'Otter', role: 'node', plugged: true },
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.emit('enter', entering, (admission: { ok: boolean }) =>
      admission.ok ? resolve() : reject(new Error(JSON.stringify(admission))),
    );
  });
  return { id, socket };
}

/** Opens `count` sockets in rooms of `perRoom`. */
async function open({ count, perRoom }: { count: number; perRoom: number }): Promise<number> {
  const rooms = await Promise.all(
    Array.from({ length: Math.ceil(count / perRoom) }, (_, i) => makeRoom(i)),
  );
  for (let at = 0; at < count; at += OPENING) {
    const wave = Array.from({ length: Math.min(OPENING, count - at) }, (_, i) =>
      openSeat(rooms[Math.floor((at + i) / perRoom)]!),
    );
    seats.push(...(await Promise.all(wave)));
  }
  return seats.length;
}

/** Neighbours call each other again and again, each signal answered by the next of the attempt. */
function talk(): void {
  for (let i = 0; i + 1 < seats.length; i += 2) {
    const [a, b] = [seats[i]!, seats[i + 1]!];
    reply(a, b);
    reply(b, a);
    for (let step = 0; step < IN_FLIGHT; step++)
      a.socket.emit('signal', { to: b.id, nonce: '0', signal: ATTEMPT[0] });
  }
}

function reply(self: Seat, other: Seat): void {
  let step = 0;
  self.socket.on('signal', () => {
    received++;
    step = (step + 1) % ATTEMPT.length;
    self.socket.emit('signal', { to: other.id, nonce: '0', signal: ATTEMPT[step] });
  });
}

answer({ open, talk, received: () => received });
