import type { TraceEvent } from '../../../src/trace/event.ts';
import { lookOfProtocol } from '../protocol-looks.ts';

/** How an event stands on its lifeline: a shape first, a colour second. */
export interface Glyph {
  readonly shape: Shape;
  readonly color: string;
}

/**
 * `dot` an end of a message, `tick` something a protocol noted, `wedge` somebody's edit, `bar` a life begins or ends, `cross` a
 * crash, `pause` two bars, `thorn` a frame that was dropped, `square` something was stored, `diamond`
 * an order of the teacher, `up` and `down` a link that opens and closes.
 */
export type Shape =
  | 'dot'
  | 'tick'
  | 'wedge'
  | 'bar'
  | 'cross'
  | 'pause'
  | 'thorn'
  | 'square'
  | 'diamond'
  | 'up'
  | 'down';

const QUIET = 'var(--ink-2)';

export function glyphOf(event: TraceEvent): Glyph {
  switch (event.type) {
    case 'send':
    case 'receive':
      return { shape: 'dot', color: lookOfProtocol(event.protocol).color };
    case 'note':
      return {
        shape: isEdit(event) ? 'wedge' : 'tick',
        color: lookOfProtocol(event.protocol).color,
      };
    case 'drop':
    case 'quarantine':
      return { shape: 'thorn', color: 'var(--alarm)' };
    case 'crash':
      return { shape: 'cross', color: 'var(--ink)' };
    case 'pause':
      return { shape: 'pause', color: QUIET };
    case 'order':
      return { shape: 'diamond', color: 'var(--ink)' };
    case 'up':
    case 'down':
      return { shape: event.type, color: QUIET };
    case 'store':
    case 'restart':
      return { shape: 'square', color: QUIET };
    case 'start':
    case 'stop':
    case 'resume':
      return { shape: 'bar', color: QUIET };
  }
}

/** What a person wanted of the board, and not what became of it. */
export function isEdit(event: TraceEvent): boolean {
  return event.type === 'note' && event.protocol === 'board' && event.kind === 'edit';
}

/** Events that are of a protocol can be hidden with it. */
export function protocolOf(event: TraceEvent): string | null {
  switch (event.type) {
    case 'send':
    case 'receive':
    case 'drop':
    case 'note':
      return event.protocol;
    default:
      return null;
  }
}
