import type { Server, Socket } from 'socket.io';

interface Entering {
  readonly id: string;
  readonly room: string;
}
type Reply = (admission: { ok: true; members: { id: string }[]; stunPort: number | null }) => void;

/**
 * The least that a signaling relay can be: it knows who is in which room, and passes on whatever it
 * is given. It checks nothing and keeps nothing.
 */
export function serveRelay(io: Server, stunPort: number | null): void {
  const sockets = new Map<string, Socket>();
  const rooms = new Map<string, Set<string>>();
  io.on('connection', (socket) => {
    let self = '';
    let room = '';
    socket.on('enter', (entering: Entering, reply: Reply) => {
      ({ id: self, room } = entering);
      const others = rooms.get(room) ?? new Set();
      rooms.set(room, others);
      const members = Array.from(others, (id) => ({ id }));
      others.add(self);
      sockets.set(self, socket);
      socket.to(room).emit('member', { id: self });
      void socket.join(room);
      reply({ ok: true, members, stunPort });
    });
    socket.on('signal', ({ to, nonce, signal }: { to: string; nonce: string; signal: unknown }) => {
      sockets.get(to)?.emit('signal', { from: self, nonce, signal });
    });
    socket.on('disconnect', () => {
      sockets.delete(self);
      rooms.get(room)?.delete(self);
      io.to(room).emit('gone', self);
    });
  });
}
