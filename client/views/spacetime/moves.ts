import { firstIndex } from '../../../src/trace/by-time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { tickOf } from '../../../src/trace/timeline.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';

/** What one can step through: the rows from the top, and which of their events are shown. */
export interface Ground {
  readonly nodes: readonly NodeId[];
  readonly eventsOf: (node: NodeId) => readonly TraceEvent[];
  readonly shows: (event: TraceEvent) => boolean;
}

/** The next or the previous event on the same lifeline. */
export function alongLine(ground: Ground, event: TraceEvent, by: 1 | -1): TraceEvent | undefined {
  const events = ground.eventsOf(event.node);
  const at = firstIndex(events.length, (i) => tickOf(events[i]!) >= tickOf(event));
  return shownFrom(ground, events, at + by, by);
}

/** The event of the line above or below that is nearest in time; lines without any are passed over. */
export function acrossLines(ground: Ground, event: TraceEvent, by: 1 | -1): TraceEvent | undefined {
  for (let row = ground.nodes.indexOf(event.node) + by; ground.nodes[row]; row += by) {
    const found = nearest(ground, ground.nodes[row]!, event.at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The one of a node that is nearest in time. */
export function nearest(ground: Ground, node: NodeId, time: Milliseconds): TraceEvent | undefined {
  const events = ground.eventsOf(node);
  const at = firstIndex(events.length, (i) => events[i]!.at >= time);
  const after = shownFrom(ground, events, at, 1);
  const before = shownFrom(ground, events, at - 1, -1);
  if (after === undefined || before === undefined) return after ?? before;
  return after.at - time < time - before.at ? after : before;
}

/**
 * The next or the previous event of all nodes. Those of one moment are stepped through row by row, so
 * that none is passed over. Without a start, the first one after (or before) `from`.
 */
export function step(
  ground: Ground,
  start: TraceEvent | null,
  from: Milliseconds,
  by: 1 | -1,
): TraceEvent | undefined {
  const startRow = start === null ? -1 : ground.nodes.indexOf(start.node);
  const time = start?.at ?? from;
  let best: TraceEvent | undefined;
  ground.nodes.forEach((node, row) => {
    const found = start?.node === node ? alongLine(ground, start, by) : beside(row, node);
    if (found === undefined) return;
    // Rows are gone through from the top: of one moment the first wins forward, the last backward.
    const sooner = best === undefined || by * (found.at - best.at) < 0;
    if (sooner || (by < 0 && found.at === best!.at)) best = found;
  });
  return best;

  function beside(row: number, node: NodeId): TraceEvent | undefined {
    const events = ground.eventsOf(node);
    const isNext = by > 0 ? row > startRow && startRow >= 0 : row > startRow;
    const at = firstIndex(events.length, (i) => {
      return isNext ? events[i]!.at >= time : events[i]!.at > time;
    });
    return by > 0 ? shownFrom(ground, events, at, 1) : shownFrom(ground, events, at - 1, -1);
  }
}

function shownFrom(
  { shows }: Ground,
  events: readonly TraceEvent[],
  at: number,
  by: 1 | -1,
): TraceEvent | undefined {
  while (events[at] !== undefined && !shows(events[at]!)) at += by;
  return events[at];
}
