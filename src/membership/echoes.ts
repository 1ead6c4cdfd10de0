import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { Beat } from './messages.ts';

/**
 * Round trips without questions, as TCP has its timestamps: a beat gives back when the last beat of
 * its receiver was sent, and how long it lay here. Both readings of the sum are of the same clock.
 */
export class Echoes {
  private readonly last = new Map<NodeId, { readonly sent: Milliseconds; at: Milliseconds }>();
  private ranAgainAt: Milliseconds = -Infinity;

  /** Datagrams overtake each other: the beat that was sent last is given back. */
  received(from: NodeId, { sent }: Beat, now: Milliseconds): void {
    const before = this.last.get(from);
    if (before === undefined || sent > before.sent) this.last.set(from, { sent, at: now });
  }

  for(to: NodeId, now: Milliseconds): Beat['echo'] {
    const last = this.last.get(to);
    return last === undefined ? null : { sent: last.sent, heldMs: now - last.at };
  }

  /** Null where there is nothing to measure, or where this node paused in between. */
  roundTrip({ echo }: Beat, now: Milliseconds): Milliseconds | null {
    if (echo === null || echo.sent < this.ranAgainAt) return null;
    const rttMs = now - echo.sent - echo.heldMs;
    return rttMs < 0 ? null : rttMs;
  }

  excuse(now: Milliseconds): void {
    this.ranAgainAt = now;
  }

  /** A new life has a new clock. */
  forget(id: NodeId): void {
    this.last.delete(id);
  }
}
