import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../signaling/launch/build.js';
import { commitLatency, type CommitLatency } from './commit-latency.ts';
import { compare, type Row } from './section.ts';
import { commandsPerSecond, UNBATCHED } from './theory/raft-throughput.ts';

/** What it is worth that Raft's entries travel together, and what a commit takes in real tabs. */
export const name = 'raft';

const SEEDS = [1, 2, 3, 4, 5];

/** Of a busy class: two deeds under way from each of 32 tabs. */
const CLIENTS = 64;
const FOR_MS = 1_000;

const RUNS = 3;

export async function run(): Promise<Row[]> {
  const measure = (options = {}) =>
    SEEDS.map((seed) => commandsPerSecond({ clients: CLIENTS, forMs: FOR_MS, seed }, options));
  const figure = `5 nodes, ${CLIENTS} clients, entries together: commands, in virtual time`;
  const both = { ours: measure(), baseline: measure(UNBATCHED) };
  return [compare(figure, '/s', both, { atLeast: 10 }), ...(await latencies())];
}

/** In real tabs, beside a round trip to whoever makes the majority. */
async function latencies(): Promise<Row[]> {
  buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
  const runs: CommitLatency[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await commitLatency());
  const beside = (ours: (run: CommitLatency) => number) => ({
    ours: runs.map(ours),
    baseline: runs.map(({ roundTripMs }) => roundTripMs),
  });
  return [
    compare(
      '5 tabs: a commit once the leader’s disk has it, beside a round trip',
      'ms',
      beside(({ afterFlushMs }) => afterFlushMs),
      { atMost: 1.5 },
    ),
    compare(
      '5 tabs: a commit, whole',
      'ms',
      beside(({ wholeMs }) => wholeMs),
      null,
    ),
    compare(
      'the flush of the leader’s disk',
      'ms',
      beside((run) => run.leaderFlushMs),
      null,
    ),
    compare(
      'the flush of a follower’s disk',
      'ms',
      beside((run) => run.followerFlushMs),
      null,
    ),
  ];
}
