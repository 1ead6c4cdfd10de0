import type { Milliseconds } from '../vocabulary.ts';
import { PART_BYTES, type Got } from './messages.ts';

/** On their way at once, 480 KiB: a link of 100 Mbit/s with 40 ms there and back stays busy. */
export const WINDOW_PARTS = 32;

/** Where nothing is known of the link yet, and on one that is faster: acknowledgements wait too. */
const MIN_PATIENCE_MS: Milliseconds = 250;

/** The longest latency that a rule can lay upon a link, there and back, is two minutes. */
const MAX_PATIENCE_MS: Milliseconds = 120_000;

/** With nothing heard, a part goes again after so much at most: a link that heals is used soon. */
const MAX_SILENCE_MS: Milliseconds = 4_000;

/** Beyond it the longest silence is reached whatever the link. */
const MAX_DOUBLINGS = 5;

/** Sendings whose answer would be measured. */
const MAX_TIMED = 4 * WINDOW_PARTS;

/** Of a new measurement so much counts, as in TCP (RFC 6298). */
const NEW_SHARE = 1 / 8;

export interface Part {
  readonly number: number;
  /** Of its message. */
  readonly last: boolean;
  readonly bytes: Uint8Array;
}

/** A part as it leaves: each time under another number, so that an answer tells which time it answers. */
export interface Sending extends Part {
  readonly sending: number;
}

interface Waiting extends Part {
  sentAt: Milliseconds;
}

/**
 * What one end sends: parts in their order, a window of them at a time, and again until the other has
 * them. After a silence it goes back to the oldest and begins with one, as TCP does: nobody knows what
 * of the rest has come.
 */
export class Outgoing {
  /** Of all that wait, sent or not. */
  bytes = 0;
  /** When a silence has lasted for too long. */
  resendAt: Milliseconds = Infinity;
  private readonly waiting: Waiting[] = [];
  /** How many of these have left, since the silence. */
  private sent = 0;
  private window = WINDOW_PARTS;
  private made = 0;
  /** The highest number that ever left. */
  private farthest = 0;
  private isOldestLost = false;
  private roundTripMs: Milliseconds | null = null;
  private silences = 0;
  private sendings = 0;
  /** By number, of those that have not been answered. */
  private readonly sentAt = new Map<number, Milliseconds>();

  add(message: Uint8Array): void {
    const copy = message.slice();
    for (let at = 0; at === 0 || at < copy.length; at += PART_BYTES) {
      const bytes = copy.subarray(at, at + PART_BYTES);
      const last = at + PART_BYTES >= copy.length;
      this.made += 1;
      this.waiting.push({ number: this.made, last, bytes, sentAt: -Infinity });
    }
    this.bytes += copy.length;
  }

  /** What leaves now. */
  due(now: Milliseconds): Sending[] {
    if (this.resendAt <= now) this.goBack();
    const parts = this.isOldestLost ? this.waiting.slice(0, 1) : [];
    this.isOldestLost = false;
    const end = Math.min(this.waiting.length, this.window);
    parts.push(...this.waiting.slice(this.sent, end));
    this.sent = Math.max(this.sent, end);
    if (parts.length > 0 && this.resendAt === Infinity) this.resendAt = now + this.patienceMs;
    return parts.map((part) => this.leave(part, now));
  }

  heard({ upTo, held, heard }: Got, now: Milliseconds): void {
    this.measure(heard, now);
    const count = Math.min(upTo, this.farthest) - (this.made - this.waiting.length);
    if (count > 0) this.arrived(this.waiting.splice(0, count), now);
    const oldest = this.waiting[0];
    if (held === 0 || oldest === undefined) return;
    // Later ones have come and this one not, though it has had the time.
    const hadTime = now - oldest.sentAt >= (this.roundTripMs ?? MIN_PATIENCE_MS);
    this.isOldestLost = this.sent > 0 && hadTime;
  }

  private leave(part: Waiting, now: Milliseconds): Sending {
    const { number, last, bytes } = part;
    part.sentAt = now;
    this.farthest = Math.max(this.farthest, number);
    this.sendings += 1;
    this.sentAt.set(this.sendings, now);
    if (this.sentAt.size > MAX_TIMED) this.sentAt.delete(this.sentAt.keys().next().value!);
    return { number, last, bytes, sending: this.sendings };
  }

  private goBack(): void {
    this.silences += 1;
    this.resendAt = Infinity;
    this.sent = 0;
    this.window = 1;
  }

  private arrived(parts: readonly Waiting[], now: Milliseconds): void {
    this.sent = Math.max(0, this.sent - parts.length);
    this.window = Math.min(WINDOW_PARTS, 2 * this.window);
    for (const { bytes } of parts) this.bytes -= bytes.length;
    this.silences = 0;
    const isSomethingSent = this.made - this.waiting.length < this.farthest;
    this.resendAt = isSomethingSent ? now + this.patienceMs : Infinity;
  }

  private measure(heard: number, now: Milliseconds): void {
    const sentAt = this.sentAt.get(heard);
    if (sentAt === undefined) return;
    this.sentAt.delete(heard);
    const before = this.roundTripMs ?? now - sentAt;
    this.roundTripMs = before + NEW_SHARE * (now - sentAt - before);
  }

  /** Twice a round trip, and twice as long after each silence, so that a slow link is not buried. */
  private get patienceMs(): Milliseconds {
    const usual = Math.max(MIN_PATIENCE_MS, 2 * (this.roundTripMs ?? 0));
    const longest = Math.max(MAX_SILENCE_MS, Math.min(usual, MAX_PATIENCE_MS));
    return Math.min(longest, usual * 2 ** Math.min(this.silences, MAX_DOUBLINGS));
  }
}
