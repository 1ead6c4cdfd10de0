import type { Timer } from '../runtime/timer-queue.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import { MAX_FRAME_BYTES, type Lane } from '../wire/lane.ts';
import type { Due } from './due.ts';

/**
 * What may wait to be read: some thousand frames as a lesson sends them, which a node that takes
 * 100 ms over each needs minutes for. Room for one of the largest frames in any case.
 */
export const MAX_UNREAD_BYTES = MAX_FRAME_BYTES;

interface Arrival {
  readonly from: NodeId;
  readonly frame: Uint8Array;
  readonly lane: Lane;
}

/** A node that takes its time over each frame: they are read one by one, in the order they came. */
export class SlowReader {
  private readonly due: Due;
  private readonly read: (from: NodeId, frame: Uint8Array, lane: Lane) => void;
  private slowMs: Milliseconds = 0;
  private unread: Arrival[] = [];
  private unreadBytes = 0;
  private next: Timer | null = null;

  constructor(due: Due, read: (from: NodeId, frame: Uint8Array, lane: Lane) => void) {
    this.due = due;
    this.read = read;
  }

  /** @returns false if there was no room for it */
  arrive(from: NodeId, frame: Uint8Array, lane: Lane): boolean {
    if (this.slowMs === 0 && this.unread.length === 0) {
      this.read(from, frame, lane);
      return true;
    }
    if (this.unreadBytes + frame.length > MAX_UNREAD_BYTES) return false;
    this.unread.push({ from, frame, lane });
    this.unreadBytes += frame.length;
    if (this.next === null) this.begin();
    return true;
  }

  /** What is being read takes the new time from now on; a node that is slow no more reads all at once. */
  pace(slowMs: Milliseconds): void {
    if (slowMs === this.slowMs) return;
    this.slowMs = slowMs;
    if (this.next === null) return;
    this.due.cancel(this.next);
    this.begin();
  }

  /** A link has closed: nothing of it is heard any more. */
  forget(from: NodeId): void {
    this.keep(this.unread.filter((arrival) => arrival.from !== from));
  }

  clear(): void {
    this.keep([]);
  }

  private keep(unread: Arrival[]): void {
    this.unread = unread;
    this.unreadBytes = unread.reduce((sum, { frame }) => sum + frame.length, 0);
    if (unread.length > 0 || this.next === null) return;
    this.due.cancel(this.next);
    this.next = null;
  }

  private begin(): void {
    this.next = this.due.after(this.slowMs, () => {
      this.next = null;
      do this.readOne();
      while (this.slowMs === 0 && this.unread.length > 0);
      if (this.unread.length > 0 && this.next === null) this.begin();
    });
  }

  private readOne(): void {
    const { from, frame, lane } = this.unread.shift()!;
    this.unreadBytes -= frame.length;
    this.read(from, frame, lane);
  }
}
