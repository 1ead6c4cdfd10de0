import * as v from 'valibot';
import type { NodeId } from '../src/vocabulary.ts';
import { actAnswerSchema } from '../src/network/control-plane.ts';
import type { NetworkChange } from '../src/network/network-document.ts';
import type { NodeAct } from '../src/network/node-condition.ts';
import type { Settings } from '../src/wire/signaling-messages.ts';
import { putOut, refuse, type AnyReply, type Desk } from './desk.ts';
import type { Room, Seat, TabSocket } from './visitor.ts';

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
  const dismissed = room.dismissOnlookers();
  for (const seat of dismissed) if (seat.session) seat.session.data.place = undefined;
  if (await desk.archive.save(room)) reply({ ok: true, room: room.info() });
  else refuse(desk, socket, 'not-saved', reply);
  for (const seat of dismissed) takeSeat(desk, room, seat, 'god-view-off');
  socket.to(room.code).emit('room', room.info());
}

function takeSeat(desk: Desk, room: Room, { id, session }: Seat, why: 'removed' | 'god-view-off') {
  if (session) putOut(session, why);
  desk.io.to(room.code).emit('gone', id);
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
  takeSeat(desk, room, seat, 'removed');
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

/** Unlike a setting, a document that is not durable is not told to anyone, and does not hold. */
export async function network(
  desk: Desk,
  socket: TabSocket,
  change: NetworkChange,
  reply: AnyReply,
): Promise<void> {
  const room = teachersRoom(desk, socket, reply);
  if (!room) return;
  // It is another once the room has ended.
  const laid = room.network;
  const changed = laid.change(change, room.nodes(), desk.clock());
  if (!changed.ok) return refuse(desk, socket, changed.code, reply, changed.message);
  const { document, unsaved } = changed;
  const durable = await (unsaved
    ? desk.archive.save(room)
    : (desk.archive.pending(room.code) ?? true));
  laid.settle(document, durable);
  if (!durable) return refuse(desk, socket, 'not-saved', reply);
  reply({ ok: true, document });
  if (!unsaved) return;
  desk.tally.networkChanges++;
  socket.to(room.code).emit('network', document);
}

/** Passed on to the tab of the node; what that answers is checked like all that comes from tabs. */
export function act(desk: Desk, socket: TabSocket, order: NodeAct, reply: AnyReply): void {
  const room = teachersRoom(desk, socket, reply);
  if (!room) return;
  const node = room.sessionOf(order.id);
  if (!node)
    return refuse(desk, socket, 'unknown-node', reply, `No node ${order.id} is in this room now.`);
  desk.tally.actsPassedOn++;
  node
    .timeout(desk.limits.answerWithinMs)
    .emit('act', order, (late: Error | null, said: unknown) => {
      if (late) return refuse(desk, socket, 'no-answer', reply);
      const answer = v.safeParse(actAnswerSchema, said);
      if (!answer.success) return refuse(desk, socket, 'not-done', reply);
      if (answer.output.ok) return reply({ ok: true });
      refuse(desk, socket, 'not-done', reply, answer.output.message);
    });
}

function teachersRoom(desk: Desk, socket: TabSocket, reply: AnyReply): Room | undefined {
  const place = socket.data.place;
  if (place?.teacher) return place.room;
  refuse(desk, socket, place ? 'not-teacher' : 'not-entered', reply);
  return undefined;
}
