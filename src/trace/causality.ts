import type { Order } from '../clocks/vector.ts';
import type { NodeId } from '../vocabulary.ts';
import { causalPath } from './causal-path.ts';
import { Cone, isBefore, knownTo } from './cone.ts';
import type { TraceEvent } from './event.ts';
import { Messages, type ReceiveEvent, type SendEvent } from './messages.ts';
import { Newest } from './newest.ts';
import { Timeline } from './timeline.ts';

/**
 * Ten times what a diagram draws at once, and ten full recorders. At about 1 kB an event this is
 * 100 MB, most of what a tab should take.
 */
export const MAX_INDEXED_EVENTS = 100_000;

/** A node's events in the order in which they happened, and how they stand to a selected one. */
export interface Row {
  readonly node: NodeId;
  readonly events: readonly TraceEvent[];
  /** So many of the first are in its past. */
  readonly past: number;
  /** From this index on they are in its future; between the two they are concurrent, or itself. */
  readonly future: number;
}

/**
 * What happened before what, among events of many nodes as an observer has them: with holes, in any
 * order, of several lives. README.md says as TRACE-3 to TRACE-8 what is exact and what is missed.
 *
 * It can be fed while it is asked. It keeps the newest events that it was given, and whoever wants to
 * know how all of them stand to one asks for its cone once.
 */
export class Causality {
  private readonly timelines = new Map<NodeId, Timeline>();
  private readonly messages = new Messages();
  private readonly kept: Newest<TraceEvent>;
  private readonly forgotten: (event: TraceEvent) => void;

  /** @param forgotten is told what made room for others */
  constructor(capacity = MAX_INDEXED_EVENTS, forgotten: (event: TraceEvent) => void = () => {}) {
    this.kept = new Newest(capacity);
    this.forgotten = forgotten;
  }

  get size(): number {
    return this.kept.size;
  }

  /** O(log events) for the newest of its node. False for one that is there already. */
  add(event: TraceEvent): boolean {
    if (!this.timelineOf(event.node).add(event)) return false;
    this.messages.add(event);
    const oldest = this.kept.put(event);
    if (oldest !== undefined) this.remove(oldest);
    return true;
  }

  /** By node, in the order in which they happened; nodes in the order in which they were first seen. */
  *rows(): Generator<readonly [node: NodeId, events: readonly TraceEvent[]]> {
    for (const [node, { events }] of this.timelines) yield [node, events];
  }

  /** Of one node, in the order in which they happened. */
  eventsOf(node: NodeId): readonly TraceEvent[] {
    return this.timelines.get(node)?.events ?? [];
  }

  /** How any other event stands to this one: made in O(nodes × log events), then O(1) an event. */
  cone(event: TraceEvent): Cone {
    return new Cone(event, this.timelines);
  }

  /** How all of them do, in O(nodes × log events): what a diagram draws when an event is selected. */
  around(event: TraceEvent): Row[] {
    const cone = this.cone(event);
    return [...this.timelines].map(([node, timeline]) => {
      const past = timeline.countUpTo(cone.pastUpTo(node));
      const future = timeline.countUpTo(cone.futureFrom(node) - 1);
      return { node, events: timeline.events, past, future };
    });
  }

  /** How many of each node's events are in its past, itself included; nodes without any left out. */
  knownCounts(event: TraceEvent): (readonly [node: NodeId, count: number])[] {
    const known = knownTo(event, this.timelines);
    return [...this.timelines].flatMap(([node, timeline]) => {
      const count = timeline.countUpTo(known.get(node) ?? 0);
      return count === 0 ? [] : [[node, count] as const];
    });
  }

  /** How `a` stands to `b`: `before` if `a` happened before `b`. O(1), or O(nodes) if it is not. */
  order(a: TraceEvent, b: TraceEvent): Order {
    if (isBefore(a, b, this.timelines)) return 'before';
    if (isBefore(b, a, this.timelines)) return 'after';
    return a.node === b.node ? 'equal' : 'concurrent';
  }

  /** All that could have brought it about, node by node. */
  past(event: TraceEvent): TraceEvent[] {
    return this.around(event).flatMap(({ events, past }) => events.slice(0, past));
  }

  /** All that it could have brought about. */
  future(event: TraceEvent): TraceEvent[] {
    return this.around(event).flatMap(({ events, future }) => events.slice(future));
  }

  /** All that knew nothing of it and of which it knew nothing. */
  concurrent(event: TraceEvent): TraceEvent[] {
    return this.around(event).flatMap(({ node, events, past, future }) =>
      node === event.node ? [] : events.slice(past, future),
    );
  }

  /** The recorded chain from one event to a later one with the fewest messages; null if there is none. */
  path(from: TraceEvent, to: TraceEvent): readonly TraceEvent[] | null {
    return causalPath(from, to, this.timelines, this.messages);
  }

  sendOf(receive: ReceiveEvent): SendEvent | undefined {
    return this.messages.sendOf(receive);
  }

  receiptsOf(send: SendEvent): readonly ReceiveEvent[] {
    return this.messages.receiptsOf(send);
  }

  private timelineOf(node: NodeId): Timeline {
    let timeline = this.timelines.get(node);
    if (timeline === undefined) this.timelines.set(node, (timeline = new Timeline()));
    return timeline;
  }

  private remove(event: TraceEvent): void {
    const timeline = this.timelines.get(event.node)!;
    timeline.remove(event);
    this.messages.remove(event);
    if (timeline.events.length === 0) this.timelines.delete(event.node);
    this.forgotten(event);
  }
}
