import type { DropReason } from '../trace/event.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';

/**
 * A peer may send this many useless frames within the window: a link that damages one frame in
 * twenty stays below it at the rate of a class, a broken or hostile program does not.
 */
export const GARBAGE_LIMIT = 50;
export const GARBAGE_WINDOW_MS = 10_000;

/** Long enough to be noticed in the room, short enough that a reloaded tab is soon back. */
export const QUARANTINE_MS = 30_000;

/** Peers under watch; the one watched longest is forgotten first. Far more than a node has links. */
const MAX_WATCHED = 256;

/** Reasons that a correct peer of this version never gives. */
const GARBAGE: ReadonlySet<DropReason> = new Set([
  'too-large',
  'malformed',
  'checksum',
  'other-room',
  'impostor',
  'schema',
]);

interface Watch {
  windowStart: Milliseconds;
  garbage: number;
  until: Milliseconds;
}

/** Who is not listened to, because it kept sending garbage. */
export class Quarantine {
  private readonly watched = new Map<NodeId, Watch>();

  holds(peer: NodeId, clock: { monotonic(): Milliseconds }): boolean {
    if (this.watched.size === 0) return false;
    const watch = this.watched.get(peer);
    return watch !== undefined && clock.monotonic() < watch.until;
  }

  /** Notes a useless frame; says until when the peer is quarantined if this was one too many. */
  blame(peer: NodeId, reason: DropReason, now: Milliseconds): Milliseconds | null {
    if (!GARBAGE.has(reason)) return null;
    const watch = this.watched.get(peer) ?? this.watch(peer, now);
    if (now - watch.windowStart > GARBAGE_WINDOW_MS) {
      watch.windowStart = now;
      watch.garbage = 0;
    }
    watch.garbage += 1;
    if (watch.garbage <= GARBAGE_LIMIT) return null;
    watch.garbage = 0;
    watch.until = now + QUARANTINE_MS;
    return watch.until;
  }

  private watch(peer: NodeId, now: Milliseconds): Watch {
    if (this.watched.size === MAX_WATCHED) {
      this.watched.delete(this.watched.keys().next().value!);
    }
    const watch = { windowStart: now, garbage: 0, until: -Infinity };
    this.watched.set(peer, watch);
    return watch;
  }
}
