import type { RetryName } from '../../../src/network/room-choices.ts';
import { requests, type Requests } from '../../../src/requests/requests.ts';
import type { Second } from '../../../src/requests/tally.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** Seven callers of five calls a second each: seven tenths of what one node serves. */
const NODES = 8;
const CALLS_PER_SECOND = 5;

const OUTAGE_AT_MS: Milliseconds = 20_000;
export const OUTAGE_MS: Milliseconds = 5_000;

/** Ten times as long as what caused it: what has not come back by then does not come back by itself. */
const END_MS: Milliseconds = OUTAGE_AT_MS + OUTAGE_MS + 60_000;

/** How much of the beginning and the end is measured: the rest in between is on its way there. */
const WINDOW_MS: Milliseconds = 15_000;

export interface StormFigures {
  /** Calls a second, of all callers together. */
  readonly offered: number;
  /** Calls that are answered in time, a second: before the outage, in it, and a minute later. */
  readonly goodputBefore: number;
  readonly goodputDuring: number;
  readonly goodputAfter: number;
  /** Attempts for each call, a minute after the outage. */
  readonly amplification: number;
}

/** A room that calls one node, which is frozen for five seconds: what each policy makes of it. */
export function storm({ policy }: { readonly policy: RetryName }): StormFigures {
  const { cluster, service, seconds } = stormyRoom(policy);
  cluster.time.runUntil(OUTAGE_AT_MS);
  service.pause();
  cluster.time.runFor(OUTAGE_MS);
  service.resume();
  cluster.time.runUntil(END_MS);

  const within = (from: Milliseconds, to: Milliseconds) =>
    seconds().filter(({ at }) => at > from && at <= to);
  const aSecond = (some: readonly Second[], what: keyof Second, ms: Milliseconds) =>
    (sum(some, what) * 1_000) / ms;
  const before = within(OUTAGE_AT_MS - WINDOW_MS, OUTAGE_AT_MS);
  // Each second is told of when it ends; answers of before the outage are still on their way in its first.
  const during = within(OUTAGE_AT_MS + 1_000, OUTAGE_AT_MS + OUTAGE_MS);
  const after = within(END_MS - WINDOW_MS, END_MS);
  return {
    offered: aSecond(after, 'offered', WINDOW_MS),
    goodputBefore: aSecond(before, 'answered', WINDOW_MS),
    goodputDuring: aSecond(during, 'answered', OUTAGE_MS - 1_000),
    goodputAfter: aSecond(after, 'answered', WINDOW_MS),
    amplification: 1 + sum(after, 'retries') / sum(after, 'offered'),
  };
}

/**
 * A full mesh in which everybody calls the first node.
 *
 * @param trace hears all that the nodes tell
 */
export function stormyRoom(
  policy: RetryName,
  seed: string | number = 1,
  trace?: (event: TraceEvent) => void,
) {
  const cluster = new Cluster<Requests>({
    nodes: NODES,
    seed,
    protocols: (node) => node.add(requests),
    ...(trace && { trace }),
  });
  cluster.linkAll();
  const [service, ...callers] = cluster.members;
  const choose = (retries: RetryName) => {
    const choices = { service: service!.id, callsPerSecond: CALLS_PER_SECOND, retries };
    for (const { protocols } of cluster.members) protocols.use(choices);
  };
  choose(policy);
  /** Of all callers. */
  const seconds = () => callers.flatMap(({ protocols }) => protocols.seconds());
  return { cluster, service: service!, callers, choose, seconds };
}

function sum(seconds: readonly Second[], what: keyof Second): number {
  return seconds.reduce((total, second) => total + second[what], 0);
}
