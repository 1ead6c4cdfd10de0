import type { TraceEvent } from '../../../src/trace/event.ts';
import { UNATTRIBUTED } from '../../../src/trace/metrics.ts';
import { MAX_COUNTED_PROTOCOLS } from '../../../src/trace/traffic.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import { Slices } from './slices.ts';

const SECOND_MS: Milliseconds = 1_000;

interface Sent {
  messages: number;
  bytes: number;
}

export interface RateSeries {
  readonly protocol: string;
  /** Each second's. */
  readonly messages: readonly number[];
  readonly bytes: readonly number[];
}

export interface RateReadings {
  /** True milliseconds at which each second begins. */
  readonly times: readonly Milliseconds[];
  /** By name. */
  readonly series: readonly RateSeries[];
}

/** Messages and bytes that were sent in each second, by protocol. */
export class Rates {
  private readonly seconds = new Slices<Map<string, Sent>>(SECOND_MS, () => new Map());

  add(event: TraceEvent): void {
    if (event.type === 'send')
      this.sent(event.at, event.protocol, { messages: 1, bytes: event.bytes });
  }

  /** Also for what was counted and not told one by one. */
  sent(at: Milliseconds, protocol: string, { messages, bytes }: Readonly<Sent>): void {
    const second = this.seconds.at(at);
    if (second === undefined) return;
    const full = second.size >= MAX_COUNTED_PROTOCOLS && !second.has(protocol);
    const name = full ? UNATTRIBUTED : protocol;
    const sent = second.get(name) ?? { messages: 0, bytes: 0 };
    sent.messages += messages;
    sent.bytes += bytes;
    second.set(name, sent);
  }

  /** The second that `now` is in has only begun, and is left out. */
  read(now: Milliseconds): RateReadings {
    const seconds = this.seconds.upTo(now - SECOND_MS);
    const protocols = new Set(seconds.flatMap(({ slice }) => [...(slice?.keys() ?? [])]));
    return {
      times: seconds.map(({ at }) => at),
      series: [...protocols].sort().map((protocol) => ({
        protocol,
        messages: seconds.map(({ slice }) => slice?.get(protocol)?.messages ?? 0),
        bytes: seconds.map(({ slice }) => slice?.get(protocol)?.bytes ?? 0),
      })),
    };
  }
}
