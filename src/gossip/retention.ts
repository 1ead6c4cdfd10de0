import type { NodeId } from '../vocabulary.ts';
import type { Broadcast } from './broadcast.ts';

/** A class at its liveliest says a few things a second: about a quarter of an hour of it. */
export const MAX_KEPT = 4_096;

/** A hundred of the largest payloads, or all of the count above at the size of a drawing. */
export const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/** What one origin has on the shelf, the oldest first. */
interface Share {
  readonly broadcasts: Set<Broadcast>;
  bytes: number;
}

/**
 * The broadcasts that are kept to repair others with. When there is no room, the oldest of whoever
 * takes most of it goes: so an origin that floods the room drives out its own news first.
 */
export class Retention {
  private readonly shares = new Map<NodeId, Share>();
  private readonly onGone: (broadcast: Broadcast) => void;
  private count = 0;
  private bytes = 0;

  /** @param onGone hears of each broadcast that had to make room */
  constructor(onGone: (broadcast: Broadcast) => void) {
    this.onGone = onGone;
  }

  get size(): { readonly count: number; readonly bytes: number } {
    return { count: this.count, bytes: this.bytes };
  }

  put(broadcast: Broadcast): void {
    let share = this.shares.get(broadcast.origin);
    if (share === undefined) {
      share = { broadcasts: new Set(), bytes: 0 };
      this.shares.set(broadcast.origin, share);
    }
    share.broadcasts.add(broadcast);
    share.bytes += broadcast.bytes;
    this.count += 1;
    this.bytes += broadcast.bytes;
    while (this.count > MAX_KEPT || this.bytes > MAX_KEPT_BYTES) this.makeRoom();
  }

  /** Does nothing if it has made room already. */
  remove(broadcast: Broadcast): void {
    const share = this.shares.get(broadcast.origin);
    if (share?.broadcasts.delete(broadcast) !== true) return;
    share.bytes -= broadcast.bytes;
    this.count -= 1;
    this.bytes -= broadcast.bytes;
    if (share.broadcasts.size === 0) this.shares.delete(broadcast.origin);
  }

  /** By bytes if these are too many, else by count. */
  private makeRoom(): void {
    const of = (share: Share) =>
      this.bytes > MAX_KEPT_BYTES ? share.bytes : share.broadcasts.size;
    let largest: Share | undefined;
    for (const share of this.shares.values()) {
      if (largest === undefined || of(share) > of(largest)) largest = share;
    }
    const oldest = largest!.broadcasts.values().next().value!;
    this.remove(oldest);
    this.onGone(oldest);
  }
}
