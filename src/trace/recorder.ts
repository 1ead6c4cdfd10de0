import type { TraceEvent } from './event.ts';

/** About two minutes of a node in a class of twelve; with its clocks an event takes about 1 kB. */
export const MAX_RECORDED_EVENTS = 10_000;

export interface Excerpt {
  readonly events: readonly TraceEvent[];
  /** Ask for what came since this the next time. */
  readonly next: number;
  /** How many events came since the one asked for and are no longer there. */
  readonly dropped: number;
}

/**
 * Keeps the newest events. Positions count what was ever recorded, from 1: for one life of one node
 * they are the events' own sequence; over a restart they go on.
 */
export class Recorder {
  private readonly ring: TraceEvent[] = [];
  private readonly capacity: number;
  private recorded = 0;

  constructor(capacity = MAX_RECORDED_EVENTS) {
    this.capacity = capacity;
  }

  /** How many events have made room for newer ones. */
  get dropped(): number {
    return Math.max(0, this.recorded - this.capacity);
  }

  /** The position after the newest. */
  get end(): number {
    return this.recorded;
  }

  readonly record = (event: TraceEvent): void => {
    this.ring[this.recorded % this.capacity] = event;
    this.recorded += 1;
  };

  /** Up to `limit` of the events after position `since`, the oldest first. */
  since(since: number, limit: number): Excerpt {
    const first = Math.max(since, this.dropped);
    const next = Math.max(since, Math.min(this.recorded, first + limit));
    const events: TraceEvent[] = [];
    for (let at = first; at < next; at++) events.push(this.ring[at % this.capacity]!);
    return { events, next, dropped: first - since };
  }
}
