import type { Happening, TraceEvent } from '../trace/event.ts';
import type { Untold } from '../trace/traffic.ts';
import type { Milliseconds } from '../vocabulary.ts';

/**
 * Events of one node on their way to an observer. Whose they are is not said in it: the link says
 * that. Each event is written as what it differs from the one before it, and every id and text once.
 *
 *     batch  sentAt level lost | protocols (name sent bytes received bytes)* | event*
 *     event  type life sequence lamport | at wall monotonic | entries (id ticks)* | what happened
 *
 * Whole numbers are varints, times are eight bytes, an id or text is its place among those before
 * it, or the next place and then itself.
 */
export interface EventBatch {
  /** By the true time of the node's machine. */
  readonly sentAt: Milliseconds;
  /** Of the messages, one in 2^level is in it. */
  readonly level: number;
  /** Events before it that can never be told. */
  readonly lost: number;
  /** Messages that were left out since the batch before, by protocol. */
  readonly leftOut: ReadonlyMap<string, Untold>;
  readonly events: readonly TraceEvent[];
}

/** What one management message holds, less what stands around it. */
export const MAX_BATCH_BYTES = 63 * 1024;

/** Of one event all together, so that a batch that says one long text often stays as small as it is. */
export const MAX_EVENT_CHARACTERS = 32 * 1024;

/** A type is its place here. */
export const TYPES = [
  'start',
  'stop',
  'restart',
  'crash',
  'pause',
  'resume',
  'store',
  'send',
  'receive',
  'drop',
  'up',
  'down',
  'order',
  'quarantine',
  'note',
] as const satisfies readonly Happening['type'][];

/** What a value in a note or a rule begins with. */
export const TAG = { null: 0, false: 1, true: 2, number: 3, text: 4 } as const;
