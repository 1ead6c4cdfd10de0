import { expect, test } from 'vitest';
import { ask, openRoom, serve, tab, verdict } from './support.ts';

async function classroom() {
  const server = await serve();
  const { code, key } = await openRoom(server);
  const [teacher, student, other] = [tab(server), tab(server), tab(server)];
  await teacher.enter(code, { role: 'observer', key });
  await student.enter(code);
  await other.enter(code);
  return { server, code, key, teacher, student, other };
}

test('SIG-14 only the teacher may set, remove and end; nobody outside may', async () => {
  const { server, student, other } = await classroom();
  const outside = tab(server);
  for (const [who, why] of [
    [student, 'not-teacher'],
    [outside, 'not-entered'],
  ] as const) {
    expect(verdict(await ask((r) => who.socket.emit('settings', { locked: true }, r)))).toBe(why);
    expect(verdict(await ask((r) => who.socket.emit('remove', { id: other.id }, r)))).toBe(why);
    expect(verdict(await ask((r) => who.socket.emit('end', r)))).toBe(why);
  }
  await other.settled();
  expect(other.socket.connected).toBe(true);
});

test('SIG-14 settings reach everyone', async () => {
  const { code, teacher, student } = await classroom();
  const heard = student.next('room');
  const change = { name: 'Physics', locked: true, capacity: 30, godView: true };
  const answer = await ask((r) => teacher.socket.emit('settings', change, r));
  expect(answer).toEqual({ ok: true, room: { code, ...change } });
  expect(await heard).toEqual({ code, ...change });
});

test('SIG-8 a removed tab hears why and cannot come back; the others hear that it is gone', async () => {
  const { code, teacher, student, other } = await classroom();
  const [out, closed, gone] = [student.next('out'), student.closed(), other.next('gone')];
  expect(verdict(await ask((r) => teacher.socket.emit('remove', { id: student.id }, r)))).toBe(
    'ok',
  );
  expect((await out).code).toBe('removed');
  expect(await gone).toBe(student.id);
  await closed;
  student.reopen();
  expect(verdict(await student.enter(code))).toBe('removed');
  expect(verdict(await ask((r) => teacher.socket.emit('remove', { id: student.id }, r)))).toBe(
    'unknown-node',
  );
});

test('SIG-9 an ended room puts everyone out', async () => {
  const { server, teacher, student, other } = await classroom();
  const outs = [teacher, student, other].map((each) => each.next('out'));
  expect(verdict(await ask((r) => teacher.socket.emit('end', r)))).toBe('ok');
  expect((await Promise.all(outs)).map(({ code }) => code)).toEqual(Array(3).fill('room-ended'));
  expect(server.census()).toMatchObject({ nodes: 0, observers: 0 });
});

test('SIG-15 onlookers come while they may, hear the document, and are put out by name when they may not', async () => {
  const { code, key, server, teacher, student } = await classroom();
  const [onlooker, screen] = [tab(server), tab(server)];
  expect(verdict(await onlooker.enter(code, { role: 'observer' }))).toBe('god-view-off');
  await ask((reply) => teacher.socket.emit('settings', { godView: true }, reply));
  expect(verdict(await onlooker.enter(code, { role: 'observer' }))).toBe('ok');
  await screen.enter(code, { role: 'observer', key });
  const heard = onlooker.next('network');
  await teacher.network({ do: 'node', condition: { id: student.id, slowMs: 5 } });
  expect(await heard).toMatchObject({ version: 1 });

  const [out, closed, gone] = [onlooker.next('out'), onlooker.closed(), student.next('gone')];
  await ask((reply) => teacher.socket.emit('settings', { godView: false }, reply));
  expect((await out).code).toBe('god-view-off');
  expect(await gone).toBe(onlooker.id);
  await closed;
  await screen.settled();
  expect(screen.heard.out).toEqual([]);
  expect(student.heard.member.filter(({ id }) => id === onlooker.id)).toMatchObject([
    { role: 'observer' },
  ]);
});
