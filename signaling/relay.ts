import * as v from 'valibot';
import { relaySchema, type Relay, type Signal } from '../src/wire/signaling-messages.ts';
import { cut, refuse, type Desk } from './desk.ts';
import { COSTS, SIGNAL_UNIT } from './limits.ts';
import type { TabSocket } from './visitor.ts';

const FIRST_ISSUE = { abortEarly: true } as const;

/** @returns the relay, or the name of what is wrong with it */
export function readRelay(payload: unknown): Relay | 'bad-message' | 'too-large' {
  const result = v.safeParse(relaySchema, payload, FIRST_ISSUE);
  if (result.success) return result.output;
  return result.issues[0].type === 'max_length' ? 'too-large' : 'bad-message';
}

export function signalCost(signal: Signal): number {
  if (signal.type !== 'offer' && signal.type !== 'answer') return COSTS.signal;
  return COSTS.signal * (1 + Math.floor(signal.sdp.length / SIGNAL_UNIT));
}

/**
 * Passes one signal on. This is the busiest path of the server: no record is made of the message,
 * and nothing is told but to the one it is for.
 */
export function relay(desk: Desk, socket: TabSocket, { to, nonce, signal, from }: Relay): void {
  const place = socket.data.place;
  if (!place) return refuse(desk, socket, 'not-entered');
  const { room, seat } = place;
  if (from !== undefined && from !== seat.id) return refuse(desk, socket, 'not-you');
  const target = room.route(seat, to, nonce, signal.type);
  if (typeof target === 'string') return refuse(desk, socket, target);
  if (backlog(target) > desk.limits.backlogPackets) {
    desk.tally.slowReadersCut++;
    cut(target);
    return refuse(desk, socket, 'unknown-node');
  }
  desk.tally.signalsRelayed++;
  target.emit('signal', { from: seat.id, nonce, signal });
}

/**
 * Packets that wait because the tab does not read. Signals are what can pile up: all else that it is
 * told is small or rare until its heartbeat is missed, and a room's tabs share the text of what all
 * are told. engine.io keeps the queue, and calls it private.
 */
function backlog(socket: TabSocket): number {
  const { writeBuffer } = socket.conn as unknown as { readonly writeBuffer: readonly unknown[] };
  return writeBuffer.length;
}
