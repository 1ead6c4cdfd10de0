import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { NodeId } from '../../src/vocabulary.ts';
import { ask, makeFolder, openRoom, serve, tab, Tab, verdict, type OpenRoom } from './support.ts';

/** Processes are started here, on a machine that may be busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const DAY = 24 * 3_600_000;

interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', 'signaling/main.ts', ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, output: () => text };
}

async function exitOf({ child }: Program): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function ready(program: Program): Promise<OpenRoom & { port: number }> {
  for (;;) {
    const found = /^Teach {2}http:\/\/[^:]+:(\d+)\/r\/(\w+)\/teach#(\w+)$/m.exec(program.output());
    if (found) {
      const [, port, code, key] = found;
      return { port: Number(port), code, key } as OpenRoom & { port: number };
    }
    if (program.child.exitCode !== null) throw new Error(program.output());
    await Promise.race([once(program.child.stdout!, 'data'), once(program.child, 'exit')]);
  }
}

const start = (data: string) => run(['--port', '0', '--host', '127.0.0.1', '--data', data]);

/** Small and seeded, so that a moment that failed can be had again. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const SEED = 7_919;
const CRASHES = 5;
/** As many as one tab may make at once: they go out without a pause, and the kill falls among them. */
const CHANGES = 50;

test(`SIG-60 killed in the middle of changes (seed ${SEED}), it comes back with every one that it had acknowledged`, async () => {
  const data = await makeFolder();
  const random = makeRandom(SEED);
  const acknowledged = { name: 0, version: 0, removed: [] as NodeId[], rooms: [] as OpenRoom[] };
  let told = 0;
  let house: OpenRoom | undefined;
  let interrupted = 0;
  for (let life = 0; life <= CRASHES; life++) {
    const program = start(data);
    const server = await ready(program);
    const { code, key } = server;
    house ??= { code, key };
    expect({ code, key }, `life ${life}`).toEqual(house);
    const teacher = tab(server);
    const entered = await teacher.enter(code, { role: 'observer', key });
    if (!entered.ok) expect.fail(entered.refusal.code);
    if (life > 0) expect(Number(entered.room.name)).toBeGreaterThanOrEqual(acknowledged.name);
    expect(entered.network.version).toBeGreaterThanOrEqual(acknowledged.version);
    expect(entered.network.version, 'what anyone was told').toBeGreaterThanOrEqual(told);
    for (const room of acknowledged.rooms)
      expect((await fetch(`http://127.0.0.1:${server.port}/rooms/${room.code}`)).status).toBe(200);
    for (const id of acknowledged.removed)
      expect(verdict(await tab(server, id).enter(code))).toBe('removed');
    if (life === CRASHES) break;

    const died = once(program.child, 'exit');
    const victims = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const victim = tab(server);
        await victim.enter(code);
        return victim;
      }),
    );
    const witness = tab(server);
    await witness.enter(code);
    const screen = tab(server);
    await screen.enter(code, { role: 'observer', key });
    witness.socket.on('network', ({ version }) => (told = version));
    let answers = 0;
    const killAfter = Math.floor(random() * CHANGES);
    const answered = () => {
      if (answers++ === killAfter) program.child.kill('SIGKILL');
    };
    for (let i = 1; i <= CHANGES; i++) {
      const name = life * CHANGES + i;
      teacher.socket.emit('settings', { name: String(name) }, ({ ok }) => {
        if (ok) acknowledged.name = name;
        answered();
      });
      const condition = { id: witness.id, slowMs: i };
      screen.socket.emit('network', { do: 'node', condition }, (answer) => {
        if (answer.ok) acknowledged.version = answer.document.version;
      });
      if (i % 10 === 0) {
        const { id } = victims[i / 10 - 1]!;
        teacher.socket.emit('remove', { id }, ({ ok }) => ok && acknowledged.removed.push(id));
        openRoom(server).then(
          (room) => acknowledged.rooms.push(room),
          () => undefined,
        );
      }
      if (i % 5 === 0) await new Promise(setImmediate);
    }
    await died;
    if (answers < CHANGES) interrupted++;
  }
  expect(interrupted, 'lives that ended before all was answered').toBeGreaterThan(0);
  expect(acknowledged.name).toBeGreaterThan((CRASHES - 1) * CHANGES);
  expect(acknowledged.version).toBeGreaterThan(CRASHES);
  expect(acknowledged.removed.length).toBeGreaterThan(0);
  expect(acknowledged.rooms.length).toBeGreaterThan(0);
});

test('SIG-7 after a restart the class comes back to a locked and full room, and a stranger does not get in', async () => {
  const data = await makeFolder();
  const first = await serve({ data });
  const { code, key } = await openRoom(first);
  const teacher = tab(first);
  const class1 = [tab(first), tab(first)];
  await teacher.enter(code, { role: 'observer', key });
  for (const each of class1) await each.enter(code);
  await ask((reply) => teacher.socket.emit('settings', { capacity: 2, locked: true }, reply));
  const closing = class1[0]!.next('refused');
  await first.close();
  expect((await closing).code).toBe('closing');

  const second = await serve({ data });
  const stranger = tab(second);
  expect(verdict(await stranger.enter(code))).toBe('room-locked');
  const returned = class1.map(({ id, secret }) => Object.assign(tab(second, id), { secret }));
  const answers = [];
  for (const each of returned) answers.push(await each.enter(code));
  expect(answers.map(verdict)).toEqual(['ok', 'ok']);
  expect(answers[1]!.ok && answers[1]!.members.map(({ id }) => id).sort()).toEqual(
    class1.map(({ id }) => id).sort(),
  );
});

test('SIG-61 the printed room stays the same, and is a new one once it was ended', async () => {
  const data = await makeFolder();
  const life = async (
    act?: (house: OpenRoom, server: Awaited<ReturnType<typeof serve>>) => Promise<void>,
  ) => {
    const server = await serve({ data });
    const { teachUrl } = await server.house();
    const [, code, key] = /r\/(\w+)\/teach#(\w+)/.exec(teachUrl)!;
    await act?.({ code, key } as OpenRoom, server);
    await server.close();
    return teachUrl.replace(/^.*\/r\//, '');
  };
  const first = await life();
  const second = await life(async ({ code, key }, server) => {
    const teacher = tab(server);
    await teacher.enter(code, { role: 'observer', key });
    await ask((reply) => teacher.socket.emit('end', reply));
  });
  expect(second).toBe(first);
  expect(await life()).not.toBe(first);
});

test('SIG-62 a record that cannot be read is reported and skipped; the others are there', async () => {
  const data = await makeFolder();
  const first = await serve({ data });
  const room = await openRoom(first);
  await first.close();
  const raw = open({ path: join(data, 'rooms'), encoding: 'json' });
  await raw.put('BADBAD', { code: 'BADBAD' });
  await raw.close();
  const text = open({ path: join(data, 'rooms'), encoding: 'string' });
  await text.put('NOJSON', '{"code"');
  await text.close();

  const problems: string[] = [];
  const second = await serve({ data, report: (problem) => problems.push(problem) });
  expect(problems).toEqual([
    expect.stringMatching(/^Room BADBAD is skipped/),
    expect.stringMatching(/^Room NOJSON is skipped/),
  ]);
  expect(second.census().rooms).toBe(1);
  expect(verdict(await tab(second).enter(room.code))).toBe('ok');
});

test('SIG-63 a room that nobody used for thirty days is forgotten', async () => {
  const data = await makeFolder();
  const first = await serve({ data, clock: () => 100 * DAY });
  await openRoom(first);
  await first.close();
  const later = async (day: number) => {
    const server = await serve({ data, clock: () => day * DAY });
    const { rooms } = server.census();
    await server.close();
    return rooms;
  };
  expect(await later(129)).toBe(1);
  expect(await later(131)).toBe(0);
});

test('SIG-64 a data directory has one server, and must be one', async () => {
  const data = await makeFolder();
  await serve({ data });
  const held = start(data);
  expect(await exitOf(held)).toBe(1);
  expect(held.output()).toMatch(
    /^Another Netsplit server uses the data directory .* --data DIR\.\n$/,
  );

  const file = join(data, 'file');
  await writeFile(file, '');
  const unusable = start(file);
  expect(await exitOf(unusable)).toBe(1);
  expect(unusable.output()).toMatch(/^The data directory .* cannot be used/);
});

test('SIG-65 what it is told wrongly it says in a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const cases: [Program, number, RegExp][] = [
    [
      run(['--prot', '1']),
      2,
      /^Unknown option '--prot'\. The options are --port N, --host H and --data DIR\.\n$/,
    ],
    [run([], { PORT: 'many' }), 2, /^The port must be a number/],
    [
      run([], { ICE_SERVERS: '[{"urls":"http://x"}]' }),
      2,
      /^ICE_SERVERS must be a JSON array .* at "0\.urls"/,
    ],
    [
      run(['--port', String(port), '--host', '127.0.0.1', '--data', await makeFolder()]),
      1,
      /^Port \d+ is taken by another program/,
    ],
  ];
  for (const [program, exitCode, sentence] of cases) {
    expect(await exitOf(program)).toBe(exitCode);
    expect(program.output()).toMatch(sentence);
  }
});

test('SIG-66 asked to end, it tells the tabs and is gone within two seconds, even with sockets that hang', async () => {
  const program = start(await makeFolder());
  const { port, code } = await ready(program);
  const one = tab({ port });
  await one.enter(code);
  const hanging: Tab[] = [];
  while (hanging.length < 3) {
    const each = new Tab(port, '0000000000' as NodeId);
    await once(each.socket as never, 'connect');
    // The tab's process is stopped: its end of the connection is open and says nothing.
    (
      each.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } }
    ).ws._socket.pause();
    hanging.push(each);
  }
  const told = one.next('refused');
  const closed = one.closed();
  const askedAt = performance.now();
  program.child.kill('SIGTERM');
  expect((await told).code).toBe('closing');
  expect(await closed, 'a reason after which the tab tries again').toBe('transport close');
  expect(await exitOf(program)).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(5_000);
  for (const each of hanging) each.socket.disconnect();
});
