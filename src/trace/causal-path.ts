import type { Tick } from '../clocks/tick.ts';
import type { NodeId } from '../vocabulary.ts';
import type { Timelines } from './cone.ts';
import type { TraceEvent } from './event.ts';
import type { Messages, ReceiveEvent, SendEvent } from './messages.ts';
import { tickOf, type Timeline } from './timeline.ts';

/** A sending that leads to the end, how it was received, and what comes next on the receiver. */
interface Hop {
  readonly send: SendEvent;
  readonly receive: ReceiveEvent;
  readonly next: Hop | null;
}

/** All of a node's events up to this one lead to the end, by this hop. */
interface Reach {
  readonly upTo: TraceEvent;
  readonly hop: Hop | null;
}

/**
 * How `from` could have brought about `to`: the chain with the fewest messages. It names both events
 * and, between them, each message's sending and receipt; from a receipt to the next sending the node
 * went on by itself. Null if no chain was recorded: there is none, or a link of it is missing.
 *
 * Goes back from `to`, one message further with each round, and looks at each event once: O(events).
 */
export function causalPath(
  from: TraceEvent,
  to: TraceEvent,
  timelines: Timelines,
  messages: Messages,
): readonly TraceEvent[] | null {
  /** Up to which tick each node leads to `to`. */
  const leads = new Map<NodeId, Tick>();
  let round = new Map<NodeId, Reach>([[to.node, { upTo: to, hop: null }]]);
  while (round.size > 0) {
    const there = round.get(from.node);
    if (there !== undefined && tickOf(from) <= tickOf(there.upTo))
      return chain(from, there.hop, to);

    const fresh = [...round].map(([node, reach]) => ({ node, reach, after: leads.get(node) ?? 0 }));
    for (const { node, reach } of fresh) leads.set(node, tickOf(reach.upTo));
    round = new Map();
    for (const { node, reach, after } of fresh) {
      for (const receive of receipts(timelines.get(node), after, tickOf(reach.upTo))) {
        const send = messages.sendOf(receive);
        if (send === undefined || tickOf(send) <= (leads.get(send.node) ?? 0)) continue;
        const best = round.get(send.node);
        if (best !== undefined && tickOf(send) <= tickOf(best.upTo)) continue;
        round.set(send.node, { upTo: send, hop: { send, receive, next: reach.hop } });
      }
    }
  }
  return null;
}

function* receipts(
  timeline: Timeline | undefined,
  after: Tick,
  upTo: Tick,
): Generator<ReceiveEvent> {
  if (timeline === undefined) return;
  const end = timeline.countUpTo(upTo);
  for (let at = timeline.countUpTo(after); at < end; at++) {
    const event = timeline.events[at]!;
    if (event.type === 'receive') yield event;
  }
}

function chain(from: TraceEvent, first: Hop | null, to: TraceEvent): readonly TraceEvent[] {
  const events = new Set([from]);
  for (let hop = first; hop !== null; hop = hop.next) events.add(hop.send).add(hop.receive);
  return [...events.add(to)];
}
