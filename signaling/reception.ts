import { createHash, timingSafeEqual } from 'node:crypto';
import type { Admission } from '../src/network/control-plane.ts';
import type { Answer, Enter, Present } from '../src/wire/signaling-messages.ts';
import { limitMessages, putOut, refuse, type AnyReply, type Desk } from './desk.ts';
import { MAX_MESSAGE_BYTES, MAX_TEACHER_MESSAGE_BYTES } from './limits.ts';
import type { Claim } from './room.ts';
import type { Room, TabSocket } from './visitor.ts';

/** Comes in. The tab hears yes only when a restart could not forget it, and others hear of it then. */
export async function enter(
  desk: Desk,
  socket: TabSocket,
  request: Enter,
  reply: AnyReply,
): Promise<void> {
  const now = desk.clock();
  if (desk.closing) return refuse(desk, socket, 'closing', reply);
  if (!desk.entering.take(1, now)) return refuse(desk, socket, 'too-fast', reply);
  const room = desk.directory.get(request.room);
  if (!room) return refuse(desk, socket, 'unknown-room', reply);

  const claim = claimOf(request, room);
  const sitting = room.holder(claim);
  if (sitting && sitting !== socket && (await lives(desk, sitting)))
    return refuse(desk, socket, 'id-taken', reply);
  if (!socket.connected) return;
  const place = socket.data.place;
  if (place && (place.room !== room || place.seat.id !== request.id)) leave(desk, socket);
  const admitted = room.admit(claim, socket, now);
  if (!admitted.ok) return refuse(desk, socket, admitted.refusal, reply);

  const { seat, superseded, displaced, unsaved } = admitted;
  if (displaced) desk.io.to(room.code).emit('gone', displaced);
  if (superseded) {
    desk.tally.refuse('superseded');
    putOut(superseded, 'superseded');
  }
  socket.data.place = { room, seat, teacher: request.key !== undefined };
  limitMessages(socket, seat.post === 'observer' ? MAX_TEACHER_MESSAGE_BYTES : MAX_MESSAGE_BYTES);
  desk.waiting.delete(socket);

  const write = unsaved ? desk.archive.save(room) : desk.archive.pending(room.code);
  const durable = write === undefined || (await write);
  if (socket.data.place?.seat !== seat) return;
  if (!durable) {
    leave(desk, socket);
    return refuse(desk, socket, 'not-saved', reply);
  }
  const member = room.welcome(seat, request);
  const answer: Answer<Admission> = {
    ok: true,
    room: room.info(),
    members: room.members(),
    ice: desk.ice,
    joinUrl: desk.joinUrl(socket.handshake.headers.origin, room.code),
    network: room.network.told,
  };
  void socket.join(room.code);
  reply(answer);
  socket.to(room.code).emit('member', member);
}

/**
 * Whether the tab that has a seat still lives. A copy of it comes with the same secret; a tab that has
 * come back over another network, or after a crash, left a socket in which nobody is.
 */
function lives({ limits }: Desk, sitting: TabSocket): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = (): void => resolve(false);
    sitting.once('disconnect', gone);
    sitting.timeout(limits.answerWithinMs).emit('there', (late: Error | null) => {
      sitting.off('disconnect', gone);
      resolve(late === null);
    });
  });
}

function claimOf({ secret, key, ...request }: Enter, room: Room): Claim {
  return {
    ...request,
    secretHash: createHash('sha256').update(secret).digest('hex').slice(0, 32),
    key: key === undefined ? 'none' : sameInConstantTime(key, room.key) ? 'right' : 'wrong',
  };
}

/** Both are 32 characters: the schema saw to the one, we made the other. */
function sameInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

export function present(desk: Desk, socket: TabSocket, change: Present, reply: AnyReply): void {
  const place = socket.data.place;
  if (!place) return refuse(desk, socket, 'not-entered', reply);
  const member = place.room.describe(place.seat, change);
  reply({ ok: true });
  if (member) socket.to(place.room.code).emit('member', member);
}

/** The tab goes, and says so. */
export function leave(desk: Desk, socket: TabSocket): void {
  const place = socket.data.place;
  if (!place) return;
  const { room, seat } = place;
  socket.data.place = undefined;
  void socket.leave(room.code);
  desk.waiting.set(socket, desk.clock());
  room.leave(seat);
  void desk.archive.save(room);
  desk.io.to(room.code).emit('gone', seat.id);
}

/** The socket is gone and nobody said why: its seat is kept for a while. */
export function lose(desk: Desk, socket: TabSocket): void {
  desk.waiting.delete(socket);
  const place = socket.data.place;
  if (!place || desk.closing) return;
  socket.data.place = undefined;
  const member = place.room.lose(place.seat, desk.clock());
  if (member) desk.io.to(place.room.code).emit('member', member);
}
