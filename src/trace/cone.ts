import { firstTick, lifeOf, type Tick } from '../clocks/tick.ts';
import type { Order } from '../clocks/vector.ts';
import type { Incarnation, NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';
import { tickOf, type Timeline } from './timeline.ts';

/** By node, what was recorded of it. */
export type Timelines = ReadonlyMap<NodeId, Timeline>;

/**
 * How all other events stand to one of them. On each node the past ends at one event and the future
 * begins at a later one, so two numbers a node say it all: asking is O(1) and makes nothing new.
 * What was recorded after it was made may show that the future begins earlier: make it anew.
 */
export class Cone {
  readonly event: TraceEvent;
  private readonly known: ReadonlyMap<string, Tick>;
  private readonly reached: ReadonlyMap<NodeId, Tick>;

  constructor(event: TraceEvent, timelines: Timelines) {
    this.event = event;
    this.known = knownTo(event, timelines);
    this.reached = reachedFrom(event, timelines);
  }

  /** The last tick of a node that is in the past of the event; 0 if none is. */
  pastUpTo(node: NodeId): Tick {
    const known = this.known.get(node) ?? 0;
    return node === this.event.node ? known - 1 : known;
  }

  /** The first tick of a node that is in the future of the event; `Infinity` if none is. */
  futureFrom(node: NodeId): Tick {
    return this.reached.get(node) ?? Infinity;
  }

  /** `before`: the other is in the past of this event. */
  orderOf(other: TraceEvent): Order {
    const tick = tickOf(other);
    if (tick <= this.pastUpTo(other.node)) return 'before';
    if (tick >= this.futureFrom(other.node)) return 'after';
    return other.node === this.event.node ? 'equal' : 'concurrent';
  }
}

/** O(1) if `b` says itself that it knew of `a`. */
export function isBefore(a: TraceEvent, b: TraceEvent, timelines: Timelines): boolean {
  const tick = tickOf(a);
  if (a.node === b.node) return tick < tickOf(b);
  return tick <= (b.vector[a.node] ?? 0) || tick <= (knownTo(b, timelines).get(a.node) ?? 0);
}

/**
 * How far an event knew each node, itself included. That is its vector; and where it knew a later
 * life of a node, all that the lives before had known: they are one node, one after the other, and
 * only its clock had forgotten it. O(nodes) where nobody restarted, else O(nodes × lives).
 */
export function knownTo(event: TraceEvent, timelines: Timelines): Map<string, Tick> {
  const known = new Map(Object.entries(event.vector));
  known.set(event.node, tickOf(event));
  const heirs = new Map<string, Incarnation>();
  const asked = [...known.keys()];
  // It grows while it is walked: whoever is known better is asked again.
  for (const id of asked) {
    const life = lifeOf(known.get(id)!);
    const done = heirs.get(id) ?? 1;
    if (life === done) continue;
    heirs.set(id, life);
    for (const end of timelines.get(id as NodeId)?.endsBefore(life) ?? []) {
      if (end.incarnation < done) break;
      for (const [other, tick] of Object.entries(end.vector)) {
        if (tick <= (known.get(other) ?? 0)) continue;
        known.set(other, tick);
        asked.push(other);
      }
    }
  }
  return known;
}

/**
 * From which tick on the events of each node know of `event`: what `knownTo` says, seen from the
 * other end. O(nodes × log events) where nobody restarted; each life reached adds as much.
 */
function reachedFrom(event: TraceEvent, timelines: Timelines): Map<NodeId, Tick> {
  const reached = new Map<NodeId, Tick>([[event.node, tickOf(event) + 1]]);
  const bearers: { readonly id: NodeId; readonly tick: Tick }[] = [
    { id: event.node, tick: tickOf(event) },
  ];
  // It grows while it is walked: a life that is reached hands on to the lives after it.
  for (const { id, tick } of bearers) {
    for (const [node, timeline] of timelines) {
      if (node === event.node) continue;
      const first = timeline.firstWhere(({ vector }) => (vector[id] ?? 0) >= tick);
      if (first === undefined || tickOf(first) >= (reached.get(node) ?? Infinity)) continue;
      const life = lifeOf(reached.get(node) ?? Infinity);
      reached.set(node, tickOf(first));
      if (first.incarnation < life) {
        bearers.push({ id: node, tick: firstTick(first.incarnation + 1) });
      }
    }
  }
  return reached;
}
