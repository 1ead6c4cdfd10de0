import type { Chronicle } from '../../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import { Calls, type CallReadings } from './calls.ts';
import { Latencies, type LatencyReadings } from './latencies.ts';
import { Offsets, type OffsetReadings } from './offsets.ts';
import { Rates, type RateReadings } from './rates.ts';
import { WINDOW_MS } from './slices.ts';

/** All that the charts draw, but for the queues, which no event tells of. */
export interface Readings {
  readonly rates: RateReadings;
  readonly latency: LatencyReadings;
  readonly offsets: OffsetReadings;
  readonly calls: CallReadings;
}

/**
 * What happened in the newest two minutes, as figures. Each event is added once the chronicle has
 * taken it; for a moment of a replay, `metersAt` makes them from the chronicle.
 */
export class Meters {
  readonly rates = new Rates();
  private readonly latencies = new Latencies();
  private readonly offsets = new Offsets();
  private readonly calls = new Calls();
  private readonly chronicle: Chronicle;
  /** Receipts whose sending is not known yet. */
  private readonly early = new WeakSet<TraceEvent>();

  constructor(chronicle: Chronicle) {
    this.chronicle = chronicle;
  }

  /**
   * Events may come in any order, each once. A message counts at its receipt, or at its sending if
   * that comes to be known later.
   */
  add(event: TraceEvent): void {
    this.rates.add(event);
    this.offsets.add(event);
    this.calls.add(event);
    const { causality } = this.chronicle;
    if (event.type === 'send') {
      for (const receive of causality.receiptsOf(event)) {
        if (this.early.delete(receive)) this.latencies.took(event, receive);
      }
    } else if (event.type === 'receive') {
      const send = causality.sendOf(event);
      if (send === undefined) this.early.add(event);
      else this.latencies.took(send, event);
    }
  }

  read(now: Milliseconds): Readings {
    return {
      rates: this.rates.read(now),
      latency: this.latencies.read(now),
      offsets: this.offsets.read(now),
      calls: this.calls.read(now),
    };
  }
}

/** As they stood at that time. O(events of two minutes). */
export function metersAt(chronicle: Chronicle, time: Milliseconds): Meters {
  const meters = new Meters(chronicle);
  for (const event of chronicle.between(time - WINDOW_MS, time)) meters.add(event);
  return meters;
}
