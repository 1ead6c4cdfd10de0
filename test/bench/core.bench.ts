import { inTurn } from './in-turn.ts';
import type { FloodLoad, FloodRun } from './processes/flood-graph.ts';
import { BODIES } from './processes/frame-bodies.ts';
import { compare, type Bar, type Row } from './section.ts';

/** The core: the simulator beside a bare heap of messages, a frame beside bare MessagePack. */
export const name = 'core';

const CLASS: FloodLoad = { nodes: 12, degree: 11, rumours: 1_500, together: 1 };
const BUSY: FloodLoad = { nodes: 30, degree: 6, rumours: 1_800, together: 30 };
const SCHOOL: FloodLoad = { nodes: 100, degree: 6, rumours: 300, together: 1 };
const CROWD: FloodLoad = { nodes: 1_000, degree: 6, rumours: 1, together: 1 };
const CROWD_MS = 10_000;

/** Long enough that a clock of microseconds says little wrong. */
const FRAMES = 20_000;

export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  const atLeast = { atLeast: 0.25 };
  rows.push(await deliveries('12 nodes, all linked', CLASS, atLeast));
  rows.push(await deliveries('30 nodes of degree 6, all tell at once', BUSY, atLeast));
  rows.push(await deliveries('100 nodes of degree 6', SCHOOL, null));
  rows.push(await crowd());
  for (const [body, { figure }] of BODIES.entries()) rows.push(await frames(body, figure));
  return rows;
}

async function floods(load: FloodLoad): Promise<{ ours: FloodRun[]; baseline: FloodRun[] }> {
  const runs = await inTurn(
    './processes/our-flood.ts',
    './baselines/bare-flood-process.ts',
    (child) => child.ask<FloodRun>('run', load),
  );
  const counts = new Set([...runs.ours, ...runs.baseline].map((one) => one.deliveries));
  if (counts.size !== 1) throw new Error(`not the same messages: ${[...counts].join(', ')}`);
  return runs;
}

async function deliveries(how: string, load: FloodLoad, bar: Bar | null): Promise<Row> {
  const { ours, baseline } = await floods(load);
  const rate = (run: FloodRun) => (1_000 * run.deliveries) / run.ms;
  const rates = { ours: ours.map(rate), baseline: baseline.map(rate) };
  return compare(`deliveries: ${how}`, '1/s', rates, bar);
}

async function crowd(): Promise<Row> {
  const { ours, baseline } = await floods(CROWD);
  const ms = (run: FloodRun) => run.ms;
  const figure = `${CROWD.nodes} nodes of degree ${CROWD.degree}, one rumour`;
  const times = { ours: ours.map(ms), baseline: baseline.map(ms) };
  return compare(figure, 'ms', times, { under: CROWD_MS });
}

async function frames(body: number, figure: string): Promise<Row> {
  const us = (ms: number) => (1_000 * ms) / FRAMES;
  const { ours, baseline } = await inTurn(
    './processes/our-frames.ts',
    './baselines/msgpack-process.ts',
    (child) => child.ask<number>('run', { body, rounds: FRAMES }),
  );
  const times = { ours: ours.map(us), baseline: baseline.map(us) };
  return compare(`a frame with 30 clock entries: ${figure}`, 'µs', times, { atMost: 4 });
}
