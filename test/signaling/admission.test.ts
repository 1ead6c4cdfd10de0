import { expect, test } from 'vitest';
import { UNTOUCHED } from '../../src/network/network-document.ts';
import { DEFAULT_CAPACITY, MAX_TEACHERS } from '../../src/wire/signaling-limits.ts';
import type { RoomCode } from '../../src/vocabulary.ts';
import { DEFAULT_ROOM_NAME } from '../../signaling/room-record.ts';
import { ask, codes, metric, openRoom, serve, tab, verdict } from './support.ts';

test('SIG-1 a tab that enters gets the roster, and the others get it as one delta', async () => {
  const server = await serve({ iceServers: [{ urls: 'stun:stun.example.org' }] });
  const { code } = await openRoom(server);
  const [first, second] = [tab(server), tab(server)];
  await first.enter(code, { name: ' Otter ' });
  const answer = await second.enter(code, { name: 'Lynx', incarnation: 3, plugged: false });

  const expected = {
    id: second.id,
    name: 'Lynx',
    role: 'node',
    incarnation: 3,
    plugged: false,
    present: true,
  };
  if (!answer.ok) expect.fail(answer.refusal.code);
  expect(answer.room).toEqual({
    code,
    name: DEFAULT_ROOM_NAME,
    locked: false,
    capacity: DEFAULT_CAPACITY,
    godView: false,
  });
  expect(answer.network).toEqual(UNTOUCHED);
  expect(answer.members).toEqual([
    expect.objectContaining({ id: first.id, name: 'Otter' }),
    expected,
  ]);
  expect(answer.ice).toEqual({
    stunPort: server.stunPort,
    servers: [{ urls: 'stun:stun.example.org' }],
  });
  expect(answer.joinUrl).toBe(`${server.url}/r/${code}`);
  await first.settled();
  expect(first.heard.member).toEqual([expected]);
  expect(second.heard.member).toEqual([]);
});

test('SIG-1 every refusal of an entry has its name, and is counted under it', async () => {
  const server = await serve();
  const { code, key } = await openRoom(server);
  const ended = await openRoom(server);
  const teacher = tab(server);
  await teacher.enter(code, { role: 'observer', key });
  const ender = tab(server);
  await ender.enter(ended.code, { role: 'observer', key: ended.key });
  await ask((reply) => ender.socket.emit('end', reply));

  const removed = tab(server);
  await removed.enter(code);
  await ask((reply) => teacher.socket.emit('remove', { id: removed.id }, reply));
  removed.reopen();
  expect(verdict(await removed.enter(code))).toBe('removed');

  const stranger = tab(server);
  const holder = tab(server);
  await holder.enter(code);
  const entry = async (...args: Parameters<typeof stranger.enter>) =>
    verdict(await stranger.enter(...args));
  expect(await entry('ACDEFG' as RoomCode)).toBe('unknown-room');
  expect(await entry(ended.code)).toBe('room-ended');
  expect(await entry(code, { key: 'f'.repeat(32) })).toBe('wrong-key');
  expect(await entry(code, { role: 'observer' })).toBe('god-view-off');
  expect(await entry(code, { id: holder.id })).toBe('id-taken');
  expect(await entry('toolong' as RoomCode)).toBe('bad-message');
  await ask((reply) => teacher.socket.emit('settings', { capacity: 1 }, reply));
  expect(await entry(code)).toBe('room-full');
  await ask((reply) => teacher.socket.emit('settings', { locked: true }, reply));
  expect(await entry(code)).toBe('room-locked');
  for (let i = 1; i < MAX_TEACHERS; i++) await tab(server).enter(code, { role: 'observer', key });
  expect(await entry(code, { role: 'observer', key })).toBe('too-many-observers');

  expect(Object.fromEntries(server.tally.refusals)).toEqual({
    removed: 1,
    'unknown-room': 1,
    'room-ended': 1,
    'wrong-key': 1,
    'god-view-off': 1,
    'id-taken': 1,
    'bad-message': 1,
    'room-full': 1,
    'room-locked': 1,
    'too-many-observers': 1,
  });
  expect(await metric(server, 'netsplit_refusals_total{code="wrong-key"}')).toBe(1);
});

test('SIG-4 the same tab over a newer socket takes its seat; the older hears why and is closed', async () => {
  const server = await serve({ limits: { answerWithinMs: 50 } });
  const { code } = await openRoom(server);
  const [older, newer, witness] = [tab(server), tab(server), tab(server)];
  await witness.enter(code);
  await older.enter(code);
  const [out, closed] = [older.next('out'), older.closed()];
  const claim = older.claim(code, { incarnation: 2 });
  const answer = await ask((reply) => newer.socket.emit('enter', claim, reply));

  expect(verdict(answer)).toBe('ok');
  expect((await out).code).toBe('superseded');
  await closed;
  await witness.settled();
  expect(
    witness.heard.member.map(({ id, incarnation, present }) => [id, incarnation, present]),
  ).toEqual([
    [older.id, 1, true],
    [older.id, 2, true],
  ]);
  expect(witness.heard.gone).toEqual([]);
});

test('SIG-4 a copy of a tab that lives is refused, and nobody hears of it', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const [original, copy, witness] = [tab(server), tab(server), tab(server)];
  original.socket.on('there', (reply) => reply());
  await original.enter(code);
  await witness.enter(code);
  const claim = original.claim(code, { incarnation: 2 });
  expect(verdict(await ask((reply) => copy.socket.emit('enter', claim, reply)))).toBe('id-taken');
  await original.settled();
  await witness.settled();
  expect([original.heard.out, witness.heard.member, witness.heard.gone]).toEqual([[], [], []]);
});

test('SIG-4 whoever is asked for its seat and goes has left it', async () => {
  const server = await serve({ limits: { answerWithinMs: 60_000 } });
  const { code } = await openRoom(server);
  const [older, newer] = [tab(server), tab(server)];
  older.socket.on('there', () => older.socket.disconnect());
  await older.enter(code);
  const claim = older.claim(code, { incarnation: 2 });
  expect(verdict(await ask((reply) => newer.socket.emit('enter', claim, reply)))).toBe('ok');
  expect(server.census().nodes).toBe(1);
});

test('SIG-4 entering twice by the same socket is no superseding', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const one = tab(server);
  const [first, second] = await Promise.all([one.enter(code), one.enter(code, { name: 'Lynx' })]);
  expect([verdict(first), verdict(second)]).toEqual(['ok', 'ok']);
  expect(one.heard.out).toEqual([]);
  expect(server.census().nodes).toBe(1);
});

test('SIG-4 a socket that enters as another node leaves its first seat', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const [one, witness] = [tab(server), tab(server)];
  await witness.enter(code);
  await one.enter(code);
  const gone = witness.next('gone');
  await one.enter(code, { id: tab(server).id });
  expect(await gone).toBe(one.id);
  expect(server.census().nodes).toBe(2);
});

test('SIG-5 a lost socket shows as not present, and as gone after the grace', async () => {
  let now = 1_000_000;
  const server = await serve({ clock: () => now });
  const { code } = await openRoom(server);
  const [stays, goes] = [tab(server), tab(server)];
  await stays.enter(code);
  await goes.enter(code);
  await stays.settled();
  const away = stays.next('member');
  goes.socket.disconnect();
  expect(await away).toMatchObject({ id: goes.id, present: false });
  const gone = stays.next('gone');
  now += 60_000;
  server.sweep();
  expect(await gone).toBe(goes.id);
});

test('SIG-5 a tab that says goodbye is gone at once', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const [stays, goes] = [tab(server), tab(server)];
  await stays.enter(code);
  await goes.enter(code);
  const gone = stays.next('gone');
  goes.socket.emit('leave');
  expect(await gone).toBe(goes.id);
});

test('SIG-12 what a tab says of itself reaches the others alone', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const [one, other] = [tab(server), tab(server)];
  await one.enter(code);
  await other.enter(code);
  const heard = other.next('member');
  expect(
    verdict(
      await ask((reply) => one.socket.emit('present', { name: 'Lynx', plugged: false }, reply)),
    ),
  ).toBe('ok');
  expect(await heard).toMatchObject({ id: one.id, name: 'Lynx', plugged: false, present: true });
  const outside = tab(server);
  expect(verdict(await ask((reply) => outside.socket.emit('present', {}, reply)))).toBe(
    'not-entered',
  );
});

test('SIG-13 a full class that enters at once costs each tab one delta for each that came after', async () => {
  const server = await serve();
  const { code, key } = await openRoom(server);
  const teacher = tab(server);
  await teacher.enter(code, { role: 'observer', key });
  await ask((reply) => teacher.socket.emit('settings', { capacity: 24 }, reply));
  const tabs = Array.from({ length: 24 }, () => tab(server));
  const answers = await Promise.all(tabs.map((each) => each.enter(code)));
  await Promise.all([teacher, ...tabs].map((each) => each.settled()));

  const sizes = answers.map((answer) => (answer.ok ? answer.members.length : 0));
  for (const [i, each] of tabs.entries()) {
    const seen = new Set(each.heard.member.map(({ id }) => id));
    expect(sizes[i]! + seen.size, 'listed or told, and never both').toBe(25);
    expect(each.heard.member).toHaveLength(seen.size);
  }
  expect(teacher.heard.member).toHaveLength(24);
});

test('SIG-30 a socket that does not enter is closed', async () => {
  let now = 1_000_000;
  const server = await serve({ clock: () => now });
  const { code } = await openRoom(server);
  const [idle, inside] = [tab(server), tab(server)];
  await inside.enter(code);
  await ask((reply) => idle.socket.emit('present', {}, reply));
  const closed = idle.closed();
  now += 10_000;
  server.sweep();
  await closed;
  await inside.settled();
  expect(codes(inside.heard.refused)).toEqual([]);
});
