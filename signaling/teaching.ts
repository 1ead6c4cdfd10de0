import type { NodeId } from '../src/vocabulary.ts';
import type { Settings } from '../src/wire/signaling-messages.ts';
import { putOut, refuse, type AnyReply, type Desk } from './desk.ts';
import type { Room, TabSocket } from './visitor.ts';

/** What only the teacher may do. Each change is durable before anyone hears of it; if the
 * disk refuses, the change holds until the server ends, and the teacher is told so. */

export async function settings(
  desk: Desk,
  socket: TabSocket,
  change: Settings,
  reply: AnyReply,
): Promise<void> {
  const room = teachersRoom(desk, socket, reply);
  if (!room) return;
  room.set(change);
  if (await desk.archive.save(room)) reply({ ok: true, room: room.info() });
  else refuse(desk, socket, 'not-saved', reply);
  socket.to(room.code).emit('room', room.info());
}

export async function remove(
  desk: Desk,
  socket: TabSocket,
  { id }: { id: NodeId },
  reply: AnyReply,
): Promise<void> {
  const room = teachersRoom(desk, socket, reply);
  if (!room) return;
  const seat = room.remove(id);
  if (!seat) return refuse(desk, socket, 'unknown-node', reply);
  if (seat.session) seat.session.data.place = undefined;
  if (await desk.archive.save(room)) reply({ ok: true });
  else refuse(desk, socket, 'not-saved', reply);
  if (seat.session) putOut(seat.session, 'removed');
  desk.io.to(room.code).emit('gone', id);
}

export async function end(
  desk: Desk,
  socket: TabSocket,
  _nothing: undefined,
  reply: AnyReply,
): Promise<void> {
  const room = teachersRoom(desk, socket, reply);
  if (!room) return;
  const sessions = room.end();
  for (const session of sessions) session.data.place = undefined;
  if (await desk.archive.save(room)) reply({ ok: true });
  else refuse(desk, socket, 'not-saved', reply);
  for (const session of sessions) putOut(session, 'room-ended');
}

function teachersRoom(desk: Desk, socket: TabSocket, reply: AnyReply): Room | undefined {
  const place = socket.data.place;
  if (place?.teacher) return place.room;
  refuse(desk, socket, place ? 'not-teacher' : 'not-entered', reply);
  return undefined;
}
