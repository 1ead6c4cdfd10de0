import { firstIndex } from '../../../src/trace/by-time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Layout } from './layout.ts';
import type { Ground } from './moves.ts';
import { nearest } from './moves.ts';
import type { TimeAxis } from './time-axis.ts';

/** A finger is no finer, and a mouse is forgiven. */
const REACH_PX = 14;

/** The event at a place on the canvas: of the nearest line, the one nearest in time. */
export function eventAt(
  ground: Ground,
  { axis, layout }: { readonly axis: TimeAxis; readonly layout: Layout },
  place: { readonly x: number; readonly y: number },
): TraceEvent | undefined {
  const row = layout.rowAt(place.y);
  const node = row === undefined ? undefined : ground.nodes[row];
  if (node === undefined || place.x < layout.left - REACH_PX) return undefined;
  const found = nearest(ground, node, axis.timeAt(place.x));
  if (found === undefined || Math.abs(axis.xOf(found.at) - place.x) > REACH_PX) return undefined;
  return found;
}

/** How many messages a chain has. */
export function messagesOf(path: readonly TraceEvent[]): number {
  return path.filter(({ type }, i) => type === 'receive' && i > 0).length;
}

/** 'Heron 31': the 31st event of its life, the second life's as 'Heron 2.31'. */
export function labelOf(event: TraceEvent, name: string): string {
  const { incarnation, sequence } = event;
  return `${name} ${incarnation === 1 ? '' : `${incarnation}.`}${sequence}`;
}

/** Those between two moments of the rows that are shown, in the order of their times. */
export function eventsBetween(ground: Ground, from: number, to: number): TraceEvent[] {
  const found: TraceEvent[] = [];
  for (const node of ground.nodes) {
    const events = ground.eventsOf(node);
    for (let i = firstIndex(events.length, (k) => events[k]!.at >= from); i < events.length; i++) {
      if (events[i]!.at > to) break;
      if (ground.shows(events[i]!)) found.push(events[i]!);
    }
  }
  return found.sort((a, b) => a.at - b.at);
}
