import { tickOf } from '../../src/trace/timeline.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { isCommon, levelOfEvent, MAX_SAMPLING_LEVEL } from '../../src/trace/sampling.ts';
import type { MessageEvent } from '../../src/trace/sampling.ts';
import type { Untold } from '../../src/trace/traffic.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { encodeEventBatch } from '../../src/wire/event-batch-writer.ts';
import type { Watch } from '../../src/wire/link-messages.ts';
import type { Timers } from '../platform/timers.ts';
import { trueTime } from '../platform/true-time.ts';
import type { Attendance } from './attendance.ts';

/** Soon enough that a view follows what happens, and seldom enough to tell much at once. */
export const TELL_EVERY_MS: Milliseconds = 200;

/** A burst of a second's share is told in full; what goes on like that is sampled. */
const BURST_SECONDS = 1;

/** `busy`: much is waiting to leave already; `gone`: nobody is there to be told. */
export type Way = 'clear' | 'busy' | 'gone';

export interface TelemetryOptions {
  readonly timers: Timers;
  readonly recorder: Recorder;
  readonly trueTime: () => Milliseconds;
  readonly way: (to: NodeId) => Way;
  readonly tell: (to: NodeId, batch: Uint8Array) => void;
}

/** More than this waiting on a LAN means that the observer does not keep up; a batch is 64 kB at most. */
const MAX_BACKLOG_BYTES = 256 * 1024;

/** How a tab in a room tells: over the management lane of its links to observers. */
export function telemetryOf(attendance: Attendance, recorder: Recorder): Telemetry {
  return new Telemetry({
    timers: attendance.timers,
    recorder,
    trueTime,
    way: (to) => {
      const link = attendance.mesh?.link(to);
      if (!link?.open) return 'gone';
      return link.managementBacklogBytes > MAX_BACKLOG_BYTES ? 'busy' : 'clear';
    },
    tell: (to, batch) => attendance.mesh?.link(to)?.manage({ type: 'events', batch }),
  });
}

/** Tells those who watch this tab of its node's events, as many as each has asked for. */
export class Telemetry {
  #options: TelemetryOptions;
  #watchers = new Map<NodeId, Watcher>();
  #timer: Cancel | null = null;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  watched(by: NodeId, { eventsPerSecond, after }: Watch): void {
    const known = this.#watchers.get(by);
    if (known && after === null) known.eventsPerSecond = eventsPerSecond;
    else this.#watchers.set(by, new Watcher(this.#options, eventsPerSecond, after ?? 0));
    this.#timer ??= this.#tellLater();
  }

  stop(): void {
    this.#timer?.();
    this.#timer = null;
    this.#watchers.clear();
  }

  #tellLater(): Cancel {
    return this.#options.timers.after(TELL_EVERY_MS, () => {
      for (const [id, watcher] of this.#watchers) this.#tell(id, watcher);
      this.#timer = this.#watchers.size > 0 ? this.#tellLater() : null;
    });
  }

  #tell(to: NodeId, watcher: Watcher): void {
    const way = this.#options.way(to);
    if (way === 'gone') this.#watchers.delete(to);
    if (way !== 'clear') return;
    for (const batch of watcher.batches()) this.#options.tell(to, batch);
  }
}

/** Where one observer stands, and what it may be told. */
class Watcher {
  eventsPerSecond: number;
  #options: TelemetryOptions;
  #position: number;
  /** Messages before this position are told to nobody: they were sent when nobody watched. */
  #watchedFrom: number;
  #allowed: number;
  #allowedAt: Milliseconds;
  #level = 0;
  #lost = 0;

  constructor(options: TelemetryOptions, eventsPerSecond: number, after: number) {
    const { recorder, timers } = options;
    this.#options = options;
    this.eventsPerSecond = eventsPerSecond;
    this.#allowed = eventsPerSecond * BURST_SECONDS;
    this.#allowedAt = timers.now();
    const { events } = recorder.since(recorder.dropped, Infinity);
    const known = events.findLastIndex((event) => tickOf(event) <= after) + 1;
    this.#position = recorder.dropped + known;
    this.#watchedFrom = after === 0 ? recorder.end : this.#position;
  }

  /** All that it is to be told of now. */
  *batches(): Generator<Uint8Array> {
    const first = Math.max(this.#position, this.#options.recorder.dropped);
    const { events, next, dropped } = this.#options.recorder.since(this.#position, Infinity);
    this.#position = next;
    this.#lost += dropped;
    const isOld = (index: number) => first + index < this.#watchedFrom;
    const level = this.#nextLevel(events.filter((event, i) => !isCommon(event) || !isOld(i)));
    const leftOut = new Map<string, Untold>();
    let told = events.filter((event, index) => {
      if (!isCommon(event)) return true;
      if (isOld(index)) return false;
      const isTold = levelOfEvent(event) >= level;
      if (!isTold) leaveOut(leftOut, event);
      return isTold;
    });
    this.#allowed -= told.length;
    let rest: ReadonlyMap<string, Untold> = leftOut;
    while (told.length > 0 || rest.size > 0 || this.#lost > 0) {
      const head = { sentAt: this.#options.trueTime(), level, lost: this.#lost, leftOut: rest };
      const { bytes, taken, tooLarge } = encodeEventBatch(head, told);
      told = told.slice(taken);
      this.#lost = tooLarge;
      rest = NOTHING_LEFT_OUT;
      yield bytes;
    }
  }

  /** The lowest level at which what is there fits into what is allowed; it falls step by step. */
  #nextLevel(events: readonly TraceEvent[]): number {
    const { eventsPerSecond } = this;
    const now = this.#options.timers.now();
    const earned = (eventsPerSecond * (now - this.#allowedAt)) / 1_000;
    this.#allowed = Math.min(eventsPerSecond * BURST_SECONDS, this.#allowed + earned);
    this.#allowedAt = now;
    const atLevel = new Array<number>(MAX_SAMPLING_LEVEL + 1).fill(0);
    let rare = 0;
    for (const event of events) {
      if (isCommon(event)) atLevel[levelOfEvent(event)]! += 1;
      else rare += 1;
    }
    let level = MAX_SAMPLING_LEVEL;
    let kept = atLevel[level]!;
    while (level > 0 && rare + kept + atLevel[level - 1]! <= this.#allowed) {
      level -= 1;
      kept += atLevel[level]!;
    }
    this.#level = Math.max(level, this.#level - 1);
    return this.#level;
  }
}

const NOTHING_LEFT_OUT: ReadonlyMap<string, Untold> = new Map();
const NONE: Untold = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0 };

function leaveOut(leftOut: Map<string, Untold>, { type, protocol, bytes }: MessageEvent): void {
  const { sent, sentBytes, received, receivedBytes } = leftOut.get(protocol) ?? NONE;
  leftOut.set(
    protocol,
    type === 'send'
      ? { sent: sent + 1, sentBytes: sentBytes + bytes, received, receivedBytes }
      : { sent, sentBytes, received: received + 1, receivedBytes: receivedBytes + bytes },
  );
}
