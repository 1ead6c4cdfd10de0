import { compare, type Row } from './section.ts';
import { commandsPerSecond, UNBATCHED } from './theory/raft-throughput.ts';

/** What it is worth that Raft's entries travel together, and that it waits for no answer before the next. */
export const name = 'raft';

const SEEDS = [1, 2, 3, 4, 5];

/** Of a busy class: two deeds under way from each of 32 tabs. */
const CLIENTS = 64;
const FOR_MS = 1_000;

export function run(): Promise<Row[]> {
  const measure = (options = {}) =>
    SEEDS.map((seed) => commandsPerSecond({ clients: CLIENTS, forMs: FOR_MS, seed }, options));
  const figure = `5 nodes, ${CLIENTS} clients, entries together: commands, in virtual time`;
  const both = { ours: measure(), baseline: measure(UNBATCHED) };
  return Promise.resolve([compare(figure, '/s', both, { atLeast: 10 })]);
}
