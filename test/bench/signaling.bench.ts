import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.ts';
import type { Memory } from './processes/answer.ts';
import type { Load } from './processes/load.ts';
import { compare, type Row } from './section.ts';

/** The signaling server beside a bare socket.io relay. */
export const name = 'signaling';

const RUNS = 3;

/** Half of them call the other half. */
const TALKERS = 100;
/** Long enough for both compilers to have optimised what runs. */
const WARM_UP_MS = 2_000;
const MEASURED_MS = 4_000;

const CROWD = 2_000;
/** A full room of the default size. */
const PER_ROOM = 12;

type Kind = Load['server'];
const KINDS: readonly Kind[] = ['bare', 'ours'];
const PROCESSES = { bare: './baselines/relay-process.ts', ours: './processes/our-server.ts' };

interface Talk {
  readonly perSecond: number;
  /** Signals for each second that the server itself computed. */
  readonly perCpuSecond: number;
}

export async function run(): Promise<Row[]> {
  const talks: Record<Kind, Talk[]> = { bare: [], ours: [] };
  const crowds: Record<Kind, { rss: number; perSocket: number }[]> = { bare: [], ours: [] };
  // Alternating, so that a machine that warms up or gets busy treats both alike.
  for (let i = 0; i < RUNS; i++)
    for (const kind of KINDS) {
      talks[kind].push(await withServer(kind, measureTalk));
      crowds[kind].push(await withServer(kind, measureCrowd));
    }

  const talk = (pick: (talk: Talk) => number) => ({
    ours: talks.ours.map(pick),
    baseline: talks.bare.map(pick),
  });
  const crowd = (pick: (crowd: { rss: number; perSocket: number }) => number) => ({
    ours: crowds.ours.map(pick),
    baseline: crowds.bare.map(pick),
  });
  const atLeast = { atLeast: 0.8 };
  const atMost = { atMost: 1.3 };
  return [
    compare(
      'signals relayed, end to end',
      '1/s',
      talk((t) => t.perSecond),
      atLeast,
    ),
    compare(
      'signals a second of the server’s CPU',
      '1/s',
      talk((t) => t.perCpuSecond),
      atLeast,
    ),
    compare(
      `memory with ${CROWD} sockets`,
      'MB',
      crowd((c) => c.rss / 1e6),
      atMost,
    ),
    compare(
      'heap for each socket',
      'kB',
      crowd((c) => c.perSocket / 1e3),
      null,
    ),
  ];
}

async function withServer<Result>(
  kind: Kind,
  measure: (server: Child, load: Child) => Promise<Result>,
): Promise<Result> {
  const server = await Child.start(PROCESSES[kind]);
  const port = await server.ask<number>('port');
  const load = await Child.start('./processes/load.ts', { port, server: kind } satisfies Load);
  try {
    return await measure(server, load);
  } finally {
    await load.stop();
    await server.stop();
  }
}

async function measureTalk(server: Child, load: Child): Promise<Talk> {
  await load.ask('open', { count: TALKERS, perRoom: 2 });
  await load.ask('talk');
  await sleep(WARM_UP_MS);
  const before = await sample(server, load);
  await sleep(MEASURED_MS);
  const after = await sample(server, load);
  const signals = after.received - before.received;
  return {
    perSecond: (signals * 1000) / (after.at - before.at),
    perCpuSecond: (signals * 1000) / (after.cpuMs - before.cpuMs),
  };
}

async function sample(server: Child, load: Child) {
  const cpuMs = await server.ask<number>('cpuMs');
  const received = await load.ask<number>('received');
  return { cpuMs, received, at: performance.now() };
}

async function measureCrowd(server: Child, load: Child) {
  const before = await server.ask<Memory>('memory');
  const opened = await load.ask<number>('open', { count: CROWD, perRoom: PER_ROOM });
  if (opened !== CROWD) throw new Error(`only ${opened} of ${CROWD} sockets opened`);
  const after = await server.ask<Memory>('memory');
  return { rss: after.rssBytes, perSocket: (after.heapBytes - before.heapBytes) / CROWD };
}
