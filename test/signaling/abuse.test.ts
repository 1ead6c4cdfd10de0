import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  MAX_CHANGE_CHARACTERS,
  networkDocumentSchema,
  UNTOUCHED,
  type NetworkChange,
} from '../../src/network/network-document.ts';
import {
  MAX_MESSAGE_BYTES,
  MAX_TEACHER_MESSAGE_BYTES,
  RULES_UNIT,
} from '../../signaling/limits.ts';
import type { SignalingServer } from '../../signaling/server.ts';
import { MAX_SDP_LENGTH } from '../../src/wire/signaling-limits.ts';
import { anyMessage, anyOrder, REPLY } from './any-message.ts';
import { ask, codes, openRoom, serve, tab, verdict, type Tab } from './support.ts';

type Emit = (event: string, ...args: unknown[]) => void;
const rawEmit = ({ socket }: Tab): Emit => (socket.emit as unknown as Emit).bind(socket);
const offer = { type: 'offer', sdp: 'v=0\r\n' } as const;

/** Two honest tabs that signal each other without a pause, each waiting for the other's last. */
async function honestPair(server: SignalingServer) {
  const room = await openRoom(server);
  const [ping, pong] = [tab(server), tab(server)];
  await ping.enter(room.code);
  await pong.enter(room.code);
  let rounds = 0;
  let running = true;
  let lastHeard: () => void;
  const stopped = new Promise<void>((resolve) => (lastHeard = resolve));
  const send = (from: Tab, to: Tab, nonce: string) =>
    from.socket.emit('signal', { to: to.id, nonce, signal: offer });
  pong.socket.on('signal', ({ nonce }) => send(pong, ping, nonce));
  ping.socket.on('signal', ({ nonce }) => {
    expect(nonce).toBe(String(rounds));
    rounds++;
    if (running) send(ping, pong, String(rounds));
    else lastHeard();
  });
  send(ping, pong, '0');
  return {
    room,
    ping,
    pong,
    rounds: () => rounds,
    /** Resolves when the last round has come back: nothing was lost on the way. */
    async stop() {
      running = false;
      await stopped;
      expect([ping.heard.refused, pong.heard.refused, ping.heard.out, pong.heard.out]).toEqual([
        [],
        [],
        [],
        [],
      ]);
    },
  };
}

const generous = { burst: 1e9, perSecond: 1e9 };

test('SIG-31 a flood is refused by name, then cut off, and nobody else notices', async () => {
  const server = await serve({ limits: { socketRate: { burst: 1_200, perSecond: 0 } } });
  const { code } = await openRoom(server);
  const [flooder, honest] = [tab(server), tab(server)];
  await flooder.enter(code);
  await honest.enter(code);
  const closed = flooder.closed();
  for (let i = 0; i < 3_000; i++)
    flooder.socket.emit('signal', { to: honest.id, nonce: 'a', signal: offer });
  await closed;
  await honest.settled();

  expect(server.tally.abusersCut).toBe(1);
  expect(server.tally.refusals.get('too-fast')).toBe(1_200);
  expect(honest.heard.signal).toHaveLength(server.tally.signalsRelayed);
  expect(honest.heard.signal.length).toBeLessThan(1_200);
  expect(honest.socket.connected).toBe(true);
  expect(honest.heard.member.at(-1)).toMatchObject({ id: flooder.id, present: false });
});

test('SIG-31 what is told to a whole room costs more than what is told to one', async () => {
  const server = await serve({ limits: { socketRate: { burst: 100, perSecond: 0 } } });
  const { code } = await openRoom(server);
  const one = tab(server);
  await one.enter(code);
  const answers = await Promise.all(
    Array.from(
      { length: 6 },
      (_, i) =>
        new Promise<{ ok: boolean }>((reply) =>
          one.socket.emit('present', { name: `N${i}` }, reply),
        ),
    ),
  );
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, false, false]);
});

test('SIG-32 a message beyond the limit of a socket closes it, counted as too large', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const [giant, honest] = [tab(server), tab(server)];
  await giant.enter(code);
  await honest.enter(code);
  const [closed, away] = [giant.closed(), honest.next('member')];
  rawEmit(giant)('signal', 'x'.repeat(MAX_MESSAGE_BYTES));
  await closed;
  await away;
  expect(server.tally.refusals.get('too-large')).toBe(1);
  await honest.settled();
});

/** As large as a change can be: it takes back many rules. */
function largeChange(ids: readonly string[], characters: number): NetworkChange {
  const [from, to] = ids;
  const one = { from, to, latencyMs: 200.5, loss: 0.123456789, corrupt: 0.123456789, reorder: 0.5 };
  const count = Math.floor(characters / (JSON.stringify(one).length + 1));
  const rules = Array.from({ length: count }, () => one);
  return { ...UNTOUCHED, do: 'restore', rules } as unknown as NetworkChange;
}

test('SIG-36 a teacher’s page may take back the largest document; nobody else sends so much', async () => {
  const server = await serve({ limits: { socketRate: generous } });
  const { code, key } = await openRoom(server);
  const [teacher, student, keyed] = [tab(server), tab(server), tab(server)];
  await teacher.enter(code, { role: 'observer', key });
  await student.enter(code);
  await keyed.enter(code, { key });
  const large = (characters: number) => largeChange([student.id, keyed.id], characters);
  const answer = await teacher.network(large(800_000));
  expect(answer).toMatchObject({ ok: true, document: { version: 1 } });
  expect(answer.ok && JSON.stringify(answer.document).length).toBeGreaterThan(700_000);
  await student.settled();
  expect(student.heard.network).toHaveLength(1);

  for (const each of [student, keyed]) {
    const closed = each.closed();
    each.socket.emit('network', large(2 * MAX_MESSAGE_BYTES), () => undefined);
    await closed;
  }
  const closed = teacher.closed();
  teacher.socket.emit('network', large(MAX_TEACHER_MESSAGE_BYTES + 1_000), () => undefined);
  await closed;
  expect(server.tally.refusals.get('too-large')).toBe(3);

  // The room for large messages goes with the teacher's seat.
  teacher.reopen();
  await teacher.enter(code, { role: 'observer', key });
  await teacher.enter((await openRoom(server)).code);
  const again = teacher.closed();
  teacher.socket.emit('network', large(2 * MAX_MESSAGE_BYTES), () => undefined);
  await again;
  expect(MAX_TEACHER_MESSAGE_BYTES).toBeGreaterThan(MAX_CHANGE_CHARACTERS);
});

test('SIG-31 a change costs by the rules in it, and in the document that goes to everyone', async () => {
  const server = await serve({ limits: { socketRate: { burst: 200, perSecond: 0 } } });
  const { code, key } = await openRoom(server);
  const [teacher, a, b] = [tab(server), tab(server), tab(server)];
  await a.enter(code);
  await b.enter(code);
  await teacher.enter(code, { role: 'observer', key }); // 20 of 200
  const rule = { from: a.id, to: b.id, loss: 0.5 };
  const rules = Array.from({ length: 2 * RULES_UNIT }, () => rule);
  expect(verdict(await teacher.network({ do: 'links', rules }))).toBe('ok'); // 60
  const slow = (slowMs: number) => teacher.network({ do: 'node', condition: { id: a.id, slowMs } });
  expect(verdict(await slow(1))).toBe('ok'); // 60
  expect(verdict(await slow(2))).toBe('ok'); // 60
  expect(verdict(await slow(3))).toBe('too-fast');
});

test('SIG-33 connections and entries are limited in total', async () => {
  const server = await serve({ limits: { connections: 2, enterRate: { burst: 1, perSecond: 0 } } });
  const { code } = await openRoom(server);
  const [one, other] = [tab(server), tab(server)];
  expect(verdict(await one.enter(code))).toBe('ok');
  expect(verdict(await other.enter(code))).toBe('too-fast');
  const third = tab(server);
  await new Promise((resolve) => third.socket.once('connect_error', resolve));
  expect(third.socket.connected).toBe(false);
});

test('SIG-33 a tab that does not read is cut off before it costs much memory', async () => {
  const server = await serve({ limits: { socketRate: generous, backlogPackets: 50 } });
  const { code } = await openRoom(server);
  const [sender, sleeper] = [tab(server), tab(server)];
  await sender.enter(code);
  await sleeper.enter(code);
  const { transport } = sleeper.socket.io.engine as unknown as {
    transport: { ws: { _socket: { pause(): void } } };
  };
  transport.ws._socket.pause();
  const large = { type: 'offer', sdp: 'x'.repeat(MAX_SDP_LENGTH) } as const;
  // The system's own buffers take some megabytes before anything waits in the server.
  for (let sent = 0; sent < 5_000 && server.tally.slowReadersCut === 0; sent += 50) {
    for (let i = 0; i < 50; i++)
      sender.socket.emit('signal', { to: sleeper.id, nonce: 'a', signal: large });
    await sender.settled();
  }
  expect(server.tally.slowReadersCut).toBe(1);
  expect(sender.heard.member.at(-1)).toMatchObject({ id: sleeper.id, present: false });
  expect(sender.socket.connected).toBe(true);
});

test('SIG-34 a missing reply, extra arguments and unknown events are refused, and harm nothing', async () => {
  const server = await serve();
  const { code } = await openRoom(server);
  const one = tab(server);
  const emit = rawEmit(one);
  const claim = one.claim(code);
  const cases: [string, ...unknown[]][] = [
    ['enter', claim],
    ['enter', claim, 'not a function'],
    ['enter'],
    ['leave', 1],
    ['end', {}],
    ['signal'],
    ['signal', {}, {}],
    ['__proto__', {}],
    ['constructor'],
    ['toString', 1],
    ['error', 'x'],
    ['message', Buffer.alloc(100)],
    ['enter', JSON.parse('{"__proto__": {"room": 1}}')],
  ];
  for (const args of cases) emit(...args);
  const answered = await Promise.all(
    [['nothing'], ['signal', {}], ['enter', claim, 5], ['leave']].map(
      ([event, ...args]) => new Promise((reply) => emit(event as string, ...args, reply)),
    ),
  );
  for (const answer of answered)
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'bad-message' } });
  expect(codes(one.heard.refused)).toEqual(cases.map(() => 'bad-message'));
  expect(verdict(await one.enter(code))).toBe('ok');
});

const SEED = 20_261_121;
const MESSAGES = 10_000;

test(
  `SIG-35 ten thousand random messages (seed ${SEED}) leave the server up, small and honest`,
  { timeout: 60_000 },
  async () => {
    const server = await serve({ limits: { socketRate: generous, enterRate: generous } });
    const honest = await honestPair(server);
    const target = await openRoom(server);
    const ids = ['0000000001', '0000000002', '0000000003', honest.ping.id, honest.pong.id];
    const messages = fc.sample(anyMessage(target, ids), { seed: SEED, numRuns: MESSAGES });
    globalThis.gc?.();
    const heapBefore = process.memoryUsage().heapUsed;
    const before = server.tally.messages;
    const roundsBefore = honest.rounds();

    let fuzzers = Array.from({ length: 4 }, () => tab(server));
    const opened = async (each: Tab) => {
      if (!each.socket.connected)
        await new Promise<void>((done) => each.socket.once('connect', done));
    };
    let sent = 0;
    for (let at = 0; at < messages.length; at += 100) {
      // Some messages end a socket: a removal, an end of the room. The fuzz goes on with a new one.
      fuzzers = fuzzers.map((each) => (each.socket.connected || at === 0 ? each : tab(server)));
      await Promise.all(fuzzers.map(opened));
      for (const [i, [event, ...args]] of messages.slice(at, at + 100).entries()) {
        const fuzzer = fuzzers[i % fuzzers.length]!;
        if (!fuzzer.socket.connected) continue;
        sent++;
        rawEmit(fuzzer)(event, ...args.map((arg) => (arg === REPLY ? () => undefined : arg)));
      }
      await Promise.all(fuzzers.map((each) => Promise.race([each.settled(), each.closed()])));
    }
    await honest.stop();

    expect(sent).toBe(MESSAGES);
    expect(honest.rounds() - roundsBefore).toBeGreaterThan(20);
    const handled = server.tally.messages - before;
    expect(handled).toBeGreaterThan(MESSAGES * 0.9);
    const refused = [...server.tally.refusals.values()].reduce((a, b) => a + b, 0);
    expect(refused).toBeGreaterThan(MESSAGES * 0.5);
    expect(server.tally.refusals.get('bad-message')).toBeGreaterThan(1_000);
    expect(server.tally.refusals.get('too-large')).toBeGreaterThan(5);
    expect(server.tally.refusals.get('bad-rule')).toBeGreaterThan(100);

    expect(server.census()).toMatchObject({ rooms: 2, sockets: expect.any(Number) });
    expect(server.census().sockets).toBeLessThanOrEqual(2 + fuzzers.length);
    expect(server.census().nodes).toBeLessThanOrEqual(2 + fuzzers.length);
    expect(server.census().attempts).toBeLessThan(20);
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(100 * 1024 * 1024);
    expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(200);
  },
);

test(`SIG-35 whatever a teacher’s page says of the network (seed ${SEED}), the document stays one`, async () => {
  const server = await serve({ limits: { socketRate: generous, answerWithinMs: 10 } });
  const { code, key } = await openRoom(server);
  const [teacher, ...nodes] = [tab(server), tab(server), tab(server)] as const;
  await teacher.enter(code, { role: 'observer', key });
  for (const node of nodes) await node.enter(code);
  const ids = nodes.map((node) => node.id);
  const id = fc.constantFrom(...ids, ...ids, ...ids, ...ids, teacher.id, 'Otter');
  const orders = fc.sample(fc.tuple(fc.constantFrom('network', 'act'), anyOrder(id)), {
    seed: SEED,
    numRuns: 2_000,
  });
  const answers = await Promise.all(
    orders.map(([event, order]) => ask<object>((reply) => rawEmit(teacher)(event, order, reply))),
  );
  const outcomes = new Set(answers.map(verdict));
  expect([...outcomes].sort()).toEqual([
    'bad-message',
    'bad-rule',
    'changed-meanwhile',
    'no-answer',
    'ok',
    'unknown-node',
  ]);
  await nodes[0].settled();
  const versions = nodes[0].heard.network.map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, i) => i + 1));
  expect(versions.length).toBeGreaterThan(50);
  for (const document of nodes[0].heard.network)
    expect(v.is(networkDocumentSchema, document)).toBe(true);
});
