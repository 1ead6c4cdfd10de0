import type { Milliseconds } from '../vocabulary.ts';

/**
 * Hybrid logical clock, by Kulkarni, Demirbas, Madappa, Avva and Leone (2014): a Lamport clock that
 * stays close to time of day. The rules HLC-1 to HLC-6 stand in README.md.
 */
export interface HybridTime {
  /** The latest whole millisecond of any wall clock that this moment has heard of. */
  readonly physical: Milliseconds;
  /** Orders what happened while `physical` stood still. */
  readonly logical: number;
}

/** Two bytes. A node that handles 65,536 messages within one millisecond does not exist yet. */
export const MAX_LOGICAL = 0xffff;

/** Six bytes of milliseconds: the year 10889. */
export const MAX_PHYSICAL: Milliseconds = 2 ** 48 - 1;

/**
 * A laptop that asks NTP is right to a second, one that does not to a minute. Further ahead is a
 * clock set wrong, and whoever followed it would drag everyone along, for a hybrid clock never goes back.
 */
export const MAX_AHEAD_MS: Milliseconds = 60_000;

export interface HybridReceipt {
  /** The receipt's own time. */
  readonly time: HybridTime;
  /** How far ahead of this node's wall clock the sender was, if that was too far to follow; else null. */
  readonly refusedAheadMs: Milliseconds | null;
}

export class HybridClock {
  private readonly wallClock: () => Milliseconds;
  private time: HybridTime;
  private refusals = 0;

  /** @param from the last time that this node gave, if it remembers one from an earlier life */
  constructor(wallClock: () => Milliseconds, from: HybridTime = { physical: 0, logical: 0 }) {
    this.wallClock = wallClock;
    this.time = from;
  }

  get now(): HybridTime {
    return this.time;
  }

  /** Receipts whose sender was too far ahead. */
  get refused(): number {
    return this.refusals;
  }

  /** An event of this node: a send, or something local. */
  tick(): HybridTime {
    return this.advance(this.time, this.wallTime());
  }

  /**
   * The arrival of a message that was sent at `sentAt`. One from too far ahead is not followed: the
   * receipt counts as local, and its order after the sending is missed. Who cannot bear that drops
   * the message.
   */
  receive(sentAt: HybridTime): HybridReceipt {
    const wall = this.wallTime();
    const ahead = sentAt.physical - wall;
    if (ahead > MAX_AHEAD_MS) {
      this.refusals += 1;
      return { time: this.advance(this.time, wall), refusedAheadMs: ahead };
    }
    const later = compareHybrid(sentAt, this.time) > 0 ? sentAt : this.time;
    return { time: this.advance(later, wall), refusedAheadMs: null };
  }

  /** The first moment after `past` that is not behind the wall clock. */
  private advance(past: HybridTime, wall: Milliseconds): HybridTime {
    if (wall > past.physical) this.time = { physical: wall, logical: 0 };
    else if (past.logical < MAX_LOGICAL) this.time = { ...past, logical: past.logical + 1 };
    // The counter is full: a millisecond ahead of all clocks is a smaller lie than a lost order.
    else this.time = { physical: past.physical + 1, logical: 0 };
    return this.time;
  }

  private wallTime(): Milliseconds {
    return Math.min(Math.floor(this.wallClock()), MAX_PHYSICAL);
  }
}

/** Below 0 if `a` is earlier, above 0 if `b` is. Equal times are of different nodes: their ids decide. */
export function compareHybrid(a: HybridTime, b: HybridTime): number {
  return a.physical - b.physical || a.logical - b.logical;
}

const PHYSICAL_DIGITS = 12;
const LOGICAL_DIGITS = 4;
const ENCODED = /^([0-9a-f]{12})-([0-9a-f]{4})$/;

/** A text of 17 characters; texts sort as the times do. */
export function encodeHybrid({ physical, logical }: HybridTime): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(physical, PHYSICAL_DIGITS)}-${hex(logical, LOGICAL_DIGITS)}`;
}

/** Undefined for what `encodeHybrid` never writes. */
export function decodeHybrid(text: string): HybridTime | undefined {
  const parts = ENCODED.exec(text);
  if (parts === null) return undefined;
  return { physical: parseInt(parts[1]!, 16), logical: parseInt(parts[2]!, 16) };
}
