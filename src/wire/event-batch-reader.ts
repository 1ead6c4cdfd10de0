import { firstTick, MAX_INCARNATION, TICKS_PER_LIFE } from '../clocks/tick.ts';
import { MAX_VECTOR_ENTRIES } from '../clocks/vector.ts';
import { DROP_REASONS, type Burdens, type Happening, type TraceEvent } from '../trace/event.ts';
import { MAX_SAMPLING_LEVEL } from '../trace/sampling.ts';
import { MAX_COUNTED_PROTOCOLS, type Untold } from '../trace/traffic.ts';
import { NODE_ID_LENGTH, type NodeId } from '../vocabulary.ts';
import { ByteReader } from './bytes.ts';
import {
  MAX_BATCH_BYTES,
  MAX_EVENT_CHARACTERS,
  TAG,
  TYPES,
  type EventBatch,
} from './event-batch.ts';
import { readNodeId } from './node-ids.ts';

/** `undefined` for anything that no writer writes; what comes back, a trace file may hold. */
export function decodeEventBatch(bytes: Uint8Array, node: NodeId): EventBatch | undefined {
  return bytes.length > MAX_BATCH_BYTES ? undefined : new BatchReader(bytes, node).read();
}

type Value = string | number | boolean | null;

/** Reads on after a fault, which gives zeros and empty texts, and asks about it once an event. */
class BatchReader {
  private readonly bytes: Uint8Array;
  private readonly reader: ByteReader;
  private readonly node: NodeId;
  private readonly ids: NodeId[] = [];
  private readonly texts: string[] = [];
  private characters = 0;
  private incarnation = 0;
  private sequence = 0;
  private lamport = 0;
  private vector: { [id: string]: number } = {};
  private entries = 0;

  constructor(bytes: Uint8Array, node: NodeId) {
    this.bytes = bytes;
    this.reader = new ByteReader(bytes);
    this.node = node;
  }

  read(): EventBatch | undefined {
    const { reader } = this;
    const sentAt = reader.float64();
    const level = reader.byte();
    const lost = reader.varint();
    const leftOut = this.leftOut();
    if (!Number.isFinite(sentAt) || level > MAX_SAMPLING_LEVEL) return undefined;
    const events: TraceEvent[] = [];
    while (reader.remaining > 0 && !reader.failed) {
      this.characters = 0;
      events.push(this.event());
    }
    return reader.failed ? undefined : { sentAt, level, lost, leftOut, events };
  }

  private leftOut(): Map<string, Untold> {
    const { reader } = this;
    const leftOut = new Map<string, Untold>();
    const count = this.count();
    if (count > MAX_COUNTED_PROTOCOLS) this.fail();
    for (let i = 0; i < count && !reader.failed; i++) {
      leftOut.set(this.text(), {
        sent: reader.varint(),
        sentBytes: reader.varint(),
        received: reader.varint(),
        receivedBytes: reader.varint(),
      });
    }
    return leftOut;
  }

  private event(): TraceEvent {
    const { node, reader } = this;
    const type = TYPES[reader.byte()];
    this.life();
    const { incarnation, sequence, lamport } = this;
    const at = this.number();
    const wall = this.number();
    const monotonic = this.number();
    this.readVector();
    const { vector } = this;
    // One literal: all events have one shape, whatever happened in them.
    const stamp = { node, incarnation, sequence, lamport, vector, at, wall, monotonic };
    return { ...stamp, ...this.happening(type) };
  }

  private life(): void {
    const { reader } = this;
    const lives = reader.varint();
    if (lives > 0) {
      this.incarnation += lives;
      this.sequence = 0;
      this.lamport = 0;
      this.vector = {};
      this.entries = 0;
    }
    const step = reader.varint();
    this.sequence += step;
    this.lamport += reader.varint();
    const { incarnation, sequence, lamport } = this;
    if (incarnation < 1 || incarnation > MAX_INCARNATION) this.fail();
    if (step < 1 || sequence >= TICKS_PER_LIFE || !Number.isSafeInteger(lamport)) this.fail();
  }

  private readVector(): void {
    const { reader, node } = this;
    const vector = { ...this.vector };
    const changed = this.count();
    for (let i = 0; i < changed && !reader.failed; i++) {
      const id = this.id();
      const before = vector[id];
      const tick = (before ?? 0) + reader.varint();
      if (before === undefined) this.entries += 1;
      if (id === node || !Number.isSafeInteger(tick)) this.fail();
      vector[id] = tick;
    }
    if (this.entries >= MAX_VECTOR_ENTRIES) this.fail();
    vector[node] = firstTick(this.incarnation) + this.sequence;
    this.vector = vector;
  }

  private happening(type: (typeof TYPES)[number] | undefined): Happening {
    const { reader } = this;
    switch (type) {
      case 'start':
      case 'stop':
      case 'crash':
        return { type };
      case 'restart':
        return { type, entries: reader.varint() };
      case 'pause': {
        const isKnown = reader.byte() !== 0;
        const lengthMs = this.number();
        return { type, lengthMs: isKnown ? lengthMs : null };
      }
      case 'resume':
        return { type, pausedMs: this.number(), lost: reader.varint() };
      case 'store':
        return {
          type,
          write: this.ordinal(),
          entries: reader.varint(),
          bytes: reader.varint(),
        };
      case 'send': {
        const kind = this.text();
        return { type, to: this.id(), kind, ...this.message() };
      }
      case 'receive':
        return { type, from: this.id(), ...this.message() };
      case 'drop': {
        const peer = this.id();
        const protocol = this.text();
        const reason = DROP_REASONS[reader.byte()];
        if (reason === undefined) this.fail();
        return { type, peer, protocol, reason: reason ?? 'malformed' };
      }
      case 'up':
        return { type, peer: this.id() };
      case 'down':
        return { type, peer: this.id(), reason: this.text() };
      case 'order':
        return this.order();
      case 'quarantine':
        return { type, peer: this.id(), untilMonotonic: this.number() };
      case 'note':
        return {
          type,
          protocol: this.text(),
          kind: this.text(),
          detail: Object.fromEntries(this.values(() => this.value())),
        };
      case undefined:
        this.fail();
        return { type: 'stop' };
    }
  }

  private message() {
    return {
      protocol: this.text(),
      message: this.ordinal(),
      bytes: this.reader.varint(),
    };
  }

  private order(): Happening {
    const { reader } = this;
    const title = this.text();
    const flags = reader.byte();
    if (flags > 3) this.fail();
    const version = (flags & 1) === 0 ? null : reader.varint();
    return { type: 'order', title, version, under: (flags & 2) === 0 ? null : this.burdens() };
  }

  private burdens(): Burdens {
    const burden = () => Object.fromEntries(this.values(() => this.value() ?? this.fail()));
    const links: { to: NodeId; rule: ReturnType<typeof burden> }[] = [];
    const count = this.count();
    for (let i = 0; i < count && !this.reader.failed; i++) {
      links.push({ to: this.id(), rule: burden() });
    }
    return { links, node: burden() };
  }

  private values<V extends Value>(value: () => V): [string, V][] {
    const entries: [string, V][] = [];
    const count = this.count();
    for (let i = 0; i < count && !this.reader.failed; i++) entries.push([this.text(), value()]);
    return entries;
  }

  private value(): Value {
    const tag = this.reader.byte();
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.number:
        return this.reader.float64();
      case TAG.text:
        return this.text();
      default:
        return this.fail();
    }
  }

  /** Of things that take a byte each at least. */
  private count(): number {
    const count = this.reader.varint();
    return count > this.reader.remaining ? this.fail() : count;
  }

  private ordinal(): number {
    const number = this.reader.varint();
    return number < 1 ? this.fail() : number;
  }

  private number(): number {
    const number = this.reader.float64();
    return Number.isNaN(number) ? this.fail() : number;
  }

  private id(): NodeId {
    const place = this.reader.varint();
    const known = this.ids[place];
    if (known !== undefined) return known;
    const id = readNodeId(this.bytes, this.reader.skip(NODE_ID_LENGTH));
    if (id === undefined || place !== this.ids.length) this.fail();
    else this.ids.push(id);
    return id ?? this.node;
  }

  private text(): string {
    const place = this.reader.varint();
    const text = this.texts[place] ?? this.newText(place);
    this.characters += text.length;
    if (this.characters > MAX_EVENT_CHARACTERS) this.fail();
    return text;
  }

  private newText(place: number): string {
    const length = this.count();
    if (place !== this.texts.length) this.fail();
    let text = '';
    for (let i = 0; i < length && !this.reader.failed; i++) {
      const unit = this.reader.varint();
      if (unit > 0xffff) this.fail();
      text += String.fromCharCode(unit);
    }
    this.texts.push(text);
    return text;
  }

  private fail(): 0 {
    this.reader.failed = true;
    return 0;
  }
}
