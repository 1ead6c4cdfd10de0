import { Chronicle } from '../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { ObservedClock } from '../../src/trace/observed-clock.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Told } from '../../src/trace/telling.ts';
import { tickOf } from '../../src/trace/timeline.ts';
import type { Tick } from '../../src/clocks/tick.ts';
import { MAX_VECTOR_ENTRIES } from '../../src/clocks/vector.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { decodeEventBatch } from '../../src/wire/event-batch-reader.ts';
import type { Watch } from '../../src/wire/link-messages.ts';

/**
 * What all nodes together may tell this page in a second: a class of 24 that sends 500 messages a
 * second beside its pings. `npm run bench -- telemetry` says what it costs.
 */
export const TOTAL_EVENTS_PER_SECOND = 4_000;

/** All tabs of a day's lessons, as in a clock. Beyond it, those first heard of are heard of anew. */
const MAX_TELLERS = MAX_VECTOR_ENTRIES;

interface Teller {
  readonly clock: ObservedClock;
  newest: Tick;
  unreadable: number;
}

export interface WatchingOptions {
  readonly trueTime: () => Milliseconds;
  /** Nodes that this page is linked to. */
  readonly linked: () => readonly NodeId[];
  readonly ask: (node: NodeId, watch: Watch) => void;
  /** Something new of a node, with its times as this page's machine would have them. */
  readonly seen: (event: TraceEvent) => void;
  readonly accounted: (node: NodeId, told: Told) => void;
}

/** Asks all nodes for their events, and keeps what they tell. */
export class Watching {
  readonly chronicle = new Chronicle();
  /** The newest, in the order in which they came. */
  readonly recent = new Recorder();

  #options: WatchingOptions;
  #tellers = new Map<NodeId, Teller>();
  #sharedBy = 0;

  constructor(options: WatchingOptions) {
    this.#options = options;
  }

  /** A link to a node has opened: it tells what it has not told yet. */
  linked(node: NodeId): void {
    this.#share(node);
  }

  /** Nodes come and go: those who are there share what may be told. */
  review(): void {
    if (this.#options.linked().length !== this.#sharedBy) this.#share(null);
  }

  told(node: NodeId, bytes: Uint8Array): void {
    const batch = decodeEventBatch(bytes, node);
    const teller = this.#tellerOf(node);
    if (batch === undefined) {
      teller.unreadable += 1;
      return;
    }
    const { sentAt, level, lost, leftOut, events } = batch;
    const { clock } = teller;
    clock.arrived(sentAt, this.#options.trueTime());
    for (const event of events) this.#take(teller, { ...event, at: clock.correct(event.at) });
    const told = { at: clock.correct(sentAt), level, events: events.length, leftOut, lost };
    this.chronicle.account(node, told);
    this.#options.accounted(node, told);
  }

  /** Batches of a node that could not be read. */
  unreadable(node: NodeId): number {
    return this.#tellers.get(node)?.unreadable ?? 0;
  }

  #take(teller: Teller, event: TraceEvent): void {
    teller.newest = Math.max(teller.newest, tickOf(event));
    if (!this.chronicle.add(event)) return;
    this.recent.record(event);
    this.#options.seen(event);
  }

  #share(fresh: NodeId | null): void {
    const nodes = this.#options.linked();
    this.#sharedBy = nodes.length;
    const eventsPerSecond = TOTAL_EVENTS_PER_SECOND / Math.max(1, nodes.length);
    for (const node of nodes) {
      const after = node === fresh ? (this.#tellers.get(node)?.newest ?? 0) : null;
      this.#options.ask(node, { type: 'watch', eventsPerSecond, after });
    }
  }

  #tellerOf(node: NodeId): Teller {
    let teller = this.#tellers.get(node);
    if (!teller) {
      if (this.#tellers.size >= MAX_TELLERS)
        this.#tellers.delete(this.#tellers.keys().next().value!);
      teller = { clock: new ObservedClock(), newest: 0, unreadable: 0 };
      this.#tellers.set(node, teller);
    }
    return teller;
  }
}
