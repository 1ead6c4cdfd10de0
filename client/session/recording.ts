import type { TraceEvent } from '../../src/trace/event.ts';
import type { Told } from '../../src/trace/telling.ts';
import { tickOf } from '../../src/trace/timeline.ts';
import { endLine, headLine, MAX_FILE_EVENTS } from '../../src/trace/trace-file.ts';
import type { Tick } from '../../src/clocks/tick.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { Milliseconds, NodeId, RoomCode } from '../../src/vocabulary.ts';
import type { Chunk, RecordingInfo, RecordingStore } from '../platform/recording-store.ts';
import type { Timers } from '../platform/timers.ts';
import { MemoryStore } from './recording-memory.ts';
import { RecordingLines } from './recording-lines.ts';
import type { RecordingView } from './snapshots.ts';

/** A page that is closed between two loses so much. */
export const SAVE_EVERY_MS: Milliseconds = 2_000;

/** All recordings of this device together: a disk has it, and a browser gives it without asking. */
export const MAX_STORED_BYTES = 1024 * 1024 * 1024;

/** What waits while the device is slow or not there yet: ten seconds of the busiest class. */
const MAX_WAITING_CHARACTERS = 32 * 1024 * 1024;

/** Opening takes milliseconds; a slow machine with a large class may take a few seconds. */
const MAX_EARLY_EVENTS = 20_000;

/** A page that comes back after that records another lesson. */
export const SAME_LESSON_MS: Milliseconds = 12 * 3_600_000;

export interface RecordingLimits {
  readonly storedBytes: number;
  readonly events: number;
}

export interface RecordingOptions {
  readonly timers: Timers;
  readonly trueTime: () => Milliseconds;
  readonly openStore: () => Promise<RecordingStore>;
  readonly changed: () => void;
  readonly limits?: RecordingLimits;
}

const LIMITS: RecordingLimits = { storedBytes: MAX_STORED_BYTES, events: MAX_FILE_EVENTS };

/**
 * The trace of a session, saved on this device as it grows: lines of a trace file in chunks, so that
 * to export it is to put them together. A reloaded page goes on with its recording.
 */
export class Recording {
  #options: RecordingOptions;
  #limits: RecordingLimits;
  #store: RecordingStore = new MemoryStore();
  #info: RecordingInfo | null = null;
  /** What came before it was known which recording to go on with. */
  #early: TraceEvent[] = [];
  #lines = new RecordingLines();
  #newest = new Map<NodeId, Tick>();
  #names = new Map<NodeId, string>();
  #notSaved = 0;
  #problem: string | null = null;
  #otherBytes = 0;
  #saving: Promise<void> = Promise.resolve();
  #timer: Cancel | null = null;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
  }

  /** @param by who records: after a reload it is the same */
  async start(room: RoomCode, by: NodeId): Promise<void> {
    let found: RecordingInfo[] = [];
    try {
      this.#store = await this.#options.openStore();
      found = await this.#store.list();
    } catch {
      this.#store = new MemoryStore();
      this.#problem =
        'This browser keeps nothing on this device: the recording lasts only as long as this page. Export it before you close it.';
    }
    const now = this.#options.trueTime();
    const mine = found
      .filter((info) => info.room === room && info.by === by)
      .filter(({ updatedAt }) => now - updatedAt < SAME_LESSON_MS)
      .sort((a, b) => a.startedAt - b.startedAt)
      .at(-1);
    this.#info = mine ?? newRecording(room, by, now);
    this.#newest = new Map(this.#info.newest);
    this.#names = new Map([...this.#info.names, ...this.#names]);
    this.#otherBytes = found.filter((info) => info !== mine).reduce((sum, i) => sum + i.bytes, 0);
    for (const event of this.#early.splice(0)) this.event(event);
    this.#timer = this.#saveLater();
    this.#options.changed();
  }

  /** What has not been saved yet is saved. */
  stop(): Promise<void> {
    this.#timer?.();
    this.#timer = null;
    return this.save().then(() => this.#store.close());
  }

  event(event: TraceEvent): void {
    if (this.#info === null) {
      if (this.#early.length < MAX_EARLY_EVENTS) this.#early.push(event);
      else this.#notSaved += 1;
      return;
    }
    const tick = tickOf(event);
    if (tick <= (this.#newest.get(event.node) ?? 0)) return;
    if (this.#lines.characters > MAX_WAITING_CHARACTERS) {
      this.#notSaved += 1;
      return;
    }
    this.#lines.event(event);
    this.#newest.set(event.node, tick);
  }

  account(node: NodeId, told: Told): void {
    this.#lines.account(node, told);
  }

  name(node: NodeId, name: string): void {
    this.#names.set(node, name);
  }

  view(): RecordingView {
    const { events = 0, bytes = 0, startedAt = null, dropped = 0 } = this.#info ?? {};
    return {
      events,
      bytes,
      since: startedAt,
      dropped: dropped + this.#notSaved,
      problem: this.#problem,
    };
  }

  /** A whole trace file. */
  async export(): Promise<{ readonly room: RoomCode; readonly file: Blob }> {
    await this.save();
    const info = this.#info;
    if (info === null) throw new Error('The recording has not begun yet. Try again in a moment.');
    const pieces: Blob[] = [];
    let events = 0;
    let told = 0;
    for (let number = info.first; number < info.next; number++) {
      const chunk = await this.#store.chunk(info.id, number);
      if (chunk === undefined) continue;
      pieces.push(new Blob([chunk.text]));
      events += chunk.events;
      told += chunk.told;
    }
    const names = Object.fromEntries(this.#names);
    const head = headLine({ room: info.room, exportedAt: this.#options.trueTime(), names });
    const lines = [head, ...pieces, endLine(events, told)];
    return { room: info.room, file: new Blob(lines, { type: 'application/x-ndjson' }) };
  }

  /** Resolves when all that was there is saved, or it is known that it cannot be. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveNow());
    return this.#saving;
  }

  #saveLater(): Cancel {
    return this.#options.timers.after(SAVE_EVERY_MS, () => {
      void this.save().then(() => {
        if (this.#timer !== null) this.#timer = this.#saveLater();
      });
    });
  }

  async #saveNow(): Promise<void> {
    if (this.#info === null) return;
    const chunk = this.#lines.take();
    if (chunk === null) return;
    try {
      await this.#append(chunk).catch(async () => {
        await this.#makeRoom(Infinity);
        await this.#append(chunk);
      });
    } catch {
      this.#notSaved += chunk.events;
      this.#problem =
        'This device has no room left for the recording. What happens now is not recorded: export what there is, and free some room.';
    }
    this.#options.changed();
  }

  async #append(chunk: Chunk): Promise<void> {
    await this.#makeRoom(chunk.text.length);
    let { events, told, bytes, dropped, first } = this.#info!;
    const { id, next } = this.#info!;
    events += chunk.events;
    told += chunk.told;
    bytes += chunk.text.length;
    const gone: number[] = [];
    while (first < next && this.#isTooLarge(events, bytes)) {
      const oldest = await this.#store.chunk(id, first);
      gone.push(first);
      first += 1;
      events -= oldest?.events ?? 0;
      told -= oldest?.told ?? 0;
      bytes -= oldest?.text.length ?? 0;
      dropped += oldest?.events ?? 0;
    }
    const info: RecordingInfo = {
      ...this.#info!,
      updatedAt: this.#options.trueTime(),
      events,
      told,
      bytes,
      dropped,
      first,
      next: next + 1,
      newest: new Map(this.#newest),
      names: new Map(this.#names),
    };
    await this.#store.append(info, chunk, gone);
    this.#info = info;
    if (gone.length > 0) this.#problem = fullOf(this.#limits.events);
  }

  /** By recordings of other lessons, the oldest first. */
  async #makeRoom(more: number): Promise<void> {
    if (this.#otherBytes + this.#info!.bytes + more <= this.#limits.storedBytes) return;
    const others = (await this.#store.list())
      .filter(({ id }) => id !== this.#info!.id)
      .sort((a, b) => a.updatedAt - b.updatedAt);
    for (const { id, bytes, room } of others) {
      if (this.#otherBytes + this.#info!.bytes + more <= this.#limits.storedBytes) return;
      await this.#store.delete(id);
      this.#otherBytes -= bytes;
      this.#problem = `An older recording, of room ${room}, was deleted to make room for this one.`;
    }
  }

  #isTooLarge(events: number, bytes: number): boolean {
    return events > this.#limits.events || bytes > this.#limits.storedBytes;
  }
}

function newRecording(room: RoomCode, by: NodeId, startedAt: Milliseconds): RecordingInfo {
  return {
    id: `${room} ${new Date(startedAt).toISOString()} ${by}`,
    room,
    by,
    startedAt,
    updatedAt: startedAt,
    events: 0,
    told: 0,
    bytes: 0,
    dropped: 0,
    first: 0,
    next: 0,
    newest: new Map(),
    names: new Map(),
  };
}

function fullOf(events: number): string {
  return `The recording is full. It keeps the newest ${events.toLocaleString('en')} events, as many as a file may have: export it if you need the older ones.`;
}
