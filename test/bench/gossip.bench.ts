import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../signaling/launch/build.js';
import { percentile } from '../support/percentile.ts';
import { startTestServer } from '../support/server.ts';
import { startSignaling } from './baselines/y-webrtc-signaling.ts';
import { serveBaseline } from './built-page.ts';
import { newRoom } from './new-room.ts';
import { compare, type Bar, type Row } from './section.ts';
import { WritingClass, type Cost, type Measured } from './writing-class.ts';
import { writeThroughConsole } from './writing-tab.ts';

/** News reaches a class: our page as it is beside y-webrtc with one Y.Map and nothing else. */
export const name = 'gossip';

const RUNS = 3;
const TABS = 12;

/** Compilers see what runs, and every channel carries something. */
const WARM_UP = 120;

/** Slow enough that one write is over before the next begins, on two cores. */
const WRITES = 240;
const EVERY_MS = 50;

const BURST = 1_000;

const QUIET_MS = 3_000;

interface Run {
  readonly quiet: Cost;
  readonly paced: Measured;
  readonly burst: Measured;
}

type Figure = (run: Run) => number;

/** What is compared, and the bar that it has to keep to. */
const FIGURES: readonly (readonly [figure: string, unit: string, Figure, Bar | null])[] = [
  ['a write reaches all others, p50', 'ms', pacedAt(0.5), { atMost: 1 }],
  ['a write reaches all others, p99', 'ms', pacedAt(0.99), { atMost: 1 }],
  [
    'messages of its protocol a write',
    '',
    ({ paced }) => paced.cost.news / WRITES,
    { atMost: 0.2 },
  ],
  [
    `burst of ${BURST} writes, until all have all`,
    'ms',
    ({ burst }) => burst.wholeMs,
    { atMost: 0.8 },
  ],
  ['burst: messages of its protocol a write', '', ({ burst }) => burst.cost.news / BURST, null],
  ['at rest: messages of that protocol', '/s', ({ quiet }) => perSecond(quiet, quiet.news), null],
  ['at rest: heartbeats and all else', '/s', ({ quiet }) => perSecond(quiet, quiet.rest), null],
  [
    'while writing: heartbeats and all else',
    '/s',
    ({ paced: { cost } }) => perSecond(cost, cost.rest),
    null,
  ],
  ['CPU of all processes, at rest', 's/s', ({ quiet }) => perSecond(quiet, quiet.cpuSeconds), null],
  [`CPU of all processes, ${WRITES} writes`, 's', ({ paced }) => paced.cost.cpuSeconds, null],
  [`CPU of all processes, burst of ${BURST}`, 's', ({ burst }) => burst.cost.cpuSeconds, null],
];

export async function run(): Promise<Row[]> {
  buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
  const page = await serveBaseline('y-webrtc-page');
  const signaling = await startSignaling();
  const server = await startTestServer();
  try {
    const ours: Run[] = [];
    const baseline: Run[] = [];
    for (let i = 0; i < RUNS; i++) {
      const room = `${page.origin}/?room=${i}&signaling=${signaling.port}&stun=${page.stunPort}`;
      baseline.push(await measure(await WritingClass.open(TABS, room)));
      ours.push(
        await measure(
          await WritingClass.open(TABS, await newRoom(server.origin), [writeThroughConsole]),
        ),
      );
    }
    return FIGURES.map(([figure, unit, of, bar]) =>
      compare(figure, unit, { ours: ours.map(of), baseline: baseline.map(of) }, bar),
    );
  } finally {
    await server.stop();
    await signaling.stop();
    await page.stop();
  }
}

async function measure(writers: WritingClass): Promise<Run> {
  try {
    await writers.write(WARM_UP, EVERY_MS);
    const quiet = await writers.rest(QUIET_MS);
    const paced = await writers.write(WRITES, EVERY_MS);
    return { quiet, paced, burst: await writers.burst(BURST) };
  } finally {
    await writers.close();
  }
}

function pacedAt(share: number): Figure {
  return ({ paced }) => percentile(paced.latenciesMs, share);
}

function perSecond({ lastedMs }: Cost, amount: number): number {
  return amount / (lastedMs / 1_000);
}
