import { parseNodeId, type NodeId } from '../vocabulary.ts';
import type { TraceEvent } from './event.ts';

/** An event in one line of words, without its stamp. */
export function describeEvent(event: TraceEvent, nameOf: (node: NodeId) => string): string {
  switch (event.type) {
    case 'start':
      return `starts life ${event.incarnation}`;
    case 'stop':
      return 'stops';
    case 'restart':
      return `finds ${event.entries} entries on its disk`;
    case 'crash':
      return 'crashes';
    case 'pause':
      return event.lengthMs === null ? 'is paused' : `did not run for ${event.lengthMs} ms`;
    case 'resume':
      return `runs again after ${event.pausedMs} ms; ${event.lost} frames were lost`;
    case 'store':
      return `stores ${event.entries} entries, ${event.bytes} bytes (write ${event.write})`;
    case 'send':
      return `sends ${messageOf(event)} to ${nameOf(event.to)}`;
    case 'receive':
      return `receives ${messageOf(event)} from ${nameOf(event.from)}`;
    case 'drop':
      return `drops a ${event.protocol} frame, peer ${nameOf(event.peer)}: ${event.reason}`;
    case 'up':
      return `link to ${nameOf(event.peer)} opens`;
    case 'down':
      return `link to ${nameOf(event.peer)} closes: ${JSON.stringify(event.reason)}`;
    case 'order':
      return `is told: ${event.title}`;
    case 'quarantine':
      return `stops listening to ${nameOf(event.peer)}`;
    case 'note':
      return `${event.protocol} notes ${event.kind}: ${detailOf(event.detail, nameOf)}`;
  }
}

type Detail = Extract<TraceEvent, { type: 'note' }>['detail'];

/** Ids by their names, figures as exact as one reads them. */
function detailOf(detail: Detail, nameOf: (node: NodeId) => string): string {
  const shown = (value: Detail[string]) => {
    if (typeof value === 'number') return String(Math.round(value * 100) / 100);
    if (typeof value !== 'string') return String(value);
    const id = parseNodeId(value);
    return id === undefined ? JSON.stringify(value) : nameOf(id);
  };
  return Object.entries(detail)
    .map(([field, value]) => `${field} ${shown(value)}`)
    .join(', ');
}

function messageOf(event: { protocol: string; message: number; bytes: number }): string {
  return `${event.protocol} #${event.message} (${event.bytes} bytes)`;
}
