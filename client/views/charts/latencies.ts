import {
  MAX_TIMED_PROTOCOLS,
  summaryOf,
  type LatencySummary,
  type LinkLatency,
} from '../../../src/trace/latency.ts';
import { LogHistogram } from '../../../src/trace/log-histogram.ts';
import type { ReceiveEvent, SendEvent } from '../../../src/trace/messages.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';
import { Slices } from './slices.ts';

/** So long that a percentile of a calm link is more than one message's. */
const SLICE_MS: Milliseconds = 5_000;

/** In each slice: a full mesh of 32 nodes. Other ways count in their protocol only. */
export const MAX_WINDOW_LINKS = 1_000;

interface Slice {
  readonly all: LogHistogram;
  readonly protocols: Map<string, LogHistogram>;
  readonly ways: Map<
    string,
    { readonly from: NodeId; readonly to: NodeId; readonly took: LogHistogram }
  >;
}

export interface LatencyReadings {
  /** True milliseconds at which each slice begins. */
  readonly times: readonly Milliseconds[];
  /** Of all messages; null for a slice in which none arrived. */
  readonly p50: readonly (Milliseconds | null)[];
  readonly p90: readonly (Milliseconds | null)[];
  readonly p99: readonly (Milliseconds | null)[];
  /** Of the whole window, by name. */
  readonly byProtocol: readonly (LatencySummary & { readonly protocol: string })[];
  /** Each way by itself, the slowest first. */
  readonly byLink: readonly LinkLatency[];
}

/** How long messages took by true time, in the newest two minutes. Copies count each. */
export class Latencies {
  private readonly slices = new Slices<Slice>(SLICE_MS, () => ({
    all: new LogHistogram(),
    protocols: new Map(),
    ways: new Map(),
  }));

  took(send: SendEvent, receive: ReceiveEvent): void {
    const slice = this.slices.at(receive.at);
    if (slice === undefined) return;
    const latency = receive.at - send.at;
    const { node: from, to, protocol } = send;
    slice.all.add(latency);
    made(slice.protocols, protocol, MAX_TIMED_PROTOCOLS, () => new LogHistogram())?.add(latency);
    made(slice.ways, `${from}>${to}`, MAX_WINDOW_LINKS, () => {
      return { from, to, took: new LogHistogram() };
    })?.took.add(latency);
  }

  read(now: Milliseconds): LatencyReadings {
    const slices = this.slices.upTo(now);
    const protocols = new Map<string, LogHistogram>();
    const ways: Slice['ways'] = new Map();
    for (const { slice } of slices) {
      for (const [protocol, took] of slice?.protocols ?? []) {
        made(protocols, protocol, Infinity, () => new LogHistogram())!.merge(took);
      }
      for (const [key, { from, to, took }] of slice?.ways ?? []) {
        made(ways, key, Infinity, () => ({ from, to, took: new LogHistogram() }))!.took.merge(took);
      }
    }
    const shares = slices.map(({ slice }) =>
      slice === undefined ? [null, null, null] : slice.all.percentiles([0.5, 0.9, 0.99]),
    );
    const share = (index: number) => shares.map((each) => each[index]!);
    return {
      times: slices.map(({ at }) => at),
      p50: share(0),
      p90: share(1),
      p99: share(2),
      byProtocol: [...protocols]
        .map(([protocol, took]) => ({ protocol, ...summaryOf(took) }))
        .sort((a, b) => (a.protocol < b.protocol ? -1 : 1)),
      byLink: [...ways.values()]
        .map(({ from, to, took }) => ({ from, to, ...summaryOf(took) }))
        .sort((a, b) => b.p90Ms - a.p90Ms),
    };
  }
}

/** What stands at `key`, made if there is room. */
function made<T>(map: Map<string, T>, key: string, limit: number, make: () => T): T | undefined {
  if (!map.has(key) && map.size < limit) map.set(key, make());
  return map.get(key);
}
