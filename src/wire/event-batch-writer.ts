import { tickOf } from '../trace/timeline.ts';
import { DROP_REASONS, type Burden, type TraceEvent } from '../trace/event.ts';
import type { NodeId } from '../vocabulary.ts';
import { ByteWriter } from './bytes.ts';
import {
  MAX_BATCH_BYTES,
  MAX_EVENT_CHARACTERS,
  TAG,
  TYPES,
  type EventBatch,
} from './event-batch.ts';

/** Before the first event of a life. */
const NOTHING_BEFORE = { incarnation: 0, sequence: 0, lamport: 0, vector: {} };
type Before = Pick<TraceEvent, 'incarnation' | 'sequence' | 'lamport' | 'vector'>;

export interface WrittenBatch {
  readonly bytes: Uint8Array;
  /** How many of the events were taken, the last ones may have found no room. */
  readonly taken: number;
  /** How many of these were too large for any batch and are not in it. */
  readonly tooLarge: number;
}

/** @param events of one node, in the order in which they happened */
export function encodeEventBatch(
  head: Omit<EventBatch, 'events'>,
  events: readonly TraceEvent[],
): WrittenBatch {
  return new BatchWriter().write(head, events);
}

class BatchWriter {
  private readonly writer = new ByteWriter(2 * MAX_BATCH_BYTES);
  private readonly ids = new Map<string, number>();
  private readonly texts = new Map<string, number>();
  private characters = 0;

  write(head: Omit<EventBatch, 'events'>, events: readonly TraceEvent[]): WrittenBatch {
    this.head(head);
    let before: Before = NOTHING_BEFORE;
    let taken = 0;
    let tooLarge = 0;
    for (const event of events) {
      const mark = { position: this.writer.position, ids: this.ids.size, texts: this.texts.size };
      this.characters = 0;
      // Past its buffer's end the writer only counts: what overshoots is taken back.
      this.event(event, before);
      const fits = this.writer.position <= MAX_BATCH_BYTES;
      if (fits && this.characters <= MAX_EVENT_CHARACTERS) {
        before = event;
      } else {
        this.writer.rewind(mark.position);
        forget(this.ids, mark.ids);
        forget(this.texts, mark.texts);
        if (taken > tooLarge && this.characters <= MAX_EVENT_CHARACTERS) break;
        tooLarge += 1;
      }
      taken += 1;
    }
    return { bytes: this.writer.written().slice(), taken, tooLarge };
  }

  private head({ sentAt, level, lost, leftOut }: Omit<EventBatch, 'events'>): void {
    const { writer } = this;
    writer.float64(sentAt);
    writer.byte(level);
    writer.varint(lost);
    writer.varint(leftOut.size);
    for (const [protocol, { sent, sentBytes, received, receivedBytes }] of leftOut) {
      this.text(protocol);
      writer.varint(sent);
      writer.varint(sentBytes);
      writer.varint(received);
      writer.varint(receivedBytes);
    }
  }

  private event(event: TraceEvent, before: Before): void {
    const { writer } = this;
    const from =
      event.incarnation === before.incarnation
        ? before
        : { ...NOTHING_BEFORE, incarnation: before.incarnation };
    writer.byte(TYPES.indexOf(event.type));
    writer.varint(event.incarnation - from.incarnation);
    writer.varint(event.sequence - from.sequence);
    writer.varint(event.lamport - from.lamport);
    writer.float64(event.at);
    writer.float64(event.wall);
    writer.float64(event.monotonic);
    this.vector(event, from.vector);
    this.happening(event);
  }

  /** Entries only rise. The node's own is its tick, and needs no saying. */
  private vector({ node, vector, ...stamp }: TraceEvent, before: TraceEvent['vector']): void {
    if (vector[node] !== tickOf(stamp)) throw new RangeError(`${node}: a vector without its tick`);
    const changed = Object.keys(vector).filter((id) => id !== node && vector[id] !== before[id]);
    this.writer.varint(changed.length);
    for (const id of changed) {
      this.id(id as NodeId);
      this.writer.varint(vector[id]! - (before[id] ?? 0));
    }
  }

  private happening(event: TraceEvent): void {
    const { writer } = this;
    switch (event.type) {
      case 'start':
      case 'stop':
      case 'crash':
        return;
      case 'restart':
        return writer.varint(event.entries);
      case 'pause':
        writer.byte(event.lengthMs === null ? 0 : 1);
        return writer.float64(event.lengthMs ?? 0);
      case 'resume':
        writer.float64(event.pausedMs);
        return writer.varint(event.lost);
      case 'store':
        writer.varint(event.write);
        writer.varint(event.entries);
        return writer.varint(event.bytes);
      case 'send':
        this.text(event.kind);
        this.id(event.to);
        return this.message(event);
      case 'receive':
        this.id(event.from);
        return this.message(event);
      case 'drop':
        this.id(event.peer);
        this.text(event.protocol);
        return writer.byte(DROP_REASONS.indexOf(event.reason));
      case 'up':
        return this.id(event.peer);
      case 'down':
        this.id(event.peer);
        return this.text(event.reason);
      case 'order':
        return this.order(event);
      case 'quarantine':
        this.id(event.peer);
        return writer.float64(event.untilMonotonic);
      case 'note':
        this.text(event.protocol);
        this.text(event.kind);
        return this.values(event.detail);
    }
  }

  private message(event: { protocol: string; message: number; bytes: number }): void {
    this.text(event.protocol);
    this.writer.varint(event.message);
    this.writer.varint(event.bytes);
  }

  private order({ title, version, under }: Extract<TraceEvent, { type: 'order' }>): void {
    const { writer } = this;
    this.text(title);
    writer.byte((version === null ? 0 : 1) + (under === null ? 0 : 2));
    if (version !== null) writer.varint(version);
    if (under === null) return;
    writer.varint(under.links.length);
    for (const { to, rule } of under.links) {
      this.id(to);
      this.values(rule);
    }
    this.values(under.node);
  }

  private values(values: Burden | Extract<TraceEvent, { type: 'note' }>['detail']): void {
    const entries = Object.entries(values);
    this.writer.varint(entries.length);
    for (const [name, value] of entries) {
      this.text(name);
      this.value(value);
    }
  }

  private value(value: string | number | boolean | null): void {
    const { writer } = this;
    if (value === null) writer.byte(TAG.null);
    else if (typeof value === 'boolean') writer.byte(value ? TAG.true : TAG.false);
    else if (typeof value === 'number') {
      writer.byte(TAG.number);
      writer.float64(value);
    } else {
      writer.byte(TAG.text);
      this.text(value);
    }
  }

  private id(id: NodeId): void {
    if (this.place(this.ids, id)) this.writer.ascii(id);
  }

  /** Letter by letter, so that half of a pair comes back as it was, too. */
  private text(text: string): void {
    this.characters += text.length;
    if (!this.place(this.texts, text)) return;
    this.writer.varint(text.length);
    for (let i = 0; i < text.length; i++) this.writer.varint(text.charCodeAt(i));
  }

  /** Says whether it is new. */
  private place(table: Map<string, number>, item: string): boolean {
    const known = table.get(item);
    this.writer.varint(known ?? table.size);
    if (known === undefined) table.set(item, table.size);
    return known === undefined;
  }
}

/** All that came after the first `size`. */
function forget(table: Map<string, number>, size: number): void {
  for (const [item, place] of table) if (place >= size) table.delete(item);
}
