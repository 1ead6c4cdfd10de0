import { MS_A_DAY_PER_PPM, type Drift } from '../clocks/drift-meter.ts';
import type { Milliseconds, NodeId } from '../vocabulary.ts';
import type { ComparedClock } from './compared-clock.ts';
import type { Peer } from './peer.ts';

/** One clock of a peer, compared with the same clock of this node. */
export interface ClockView {
  /** How far the peer's clock is ahead. */
  readonly offsetMs: Milliseconds;
  /** The true offset is no further from `offsetMs` than this, as long as `asAssumed`. */
  readonly errorMs: Milliseconds;
  /** How much faster the peer's clock runs; null until it was watched for long enough. */
  readonly driftPpm: number | null;
  /** The same in milliseconds a day. */
  readonly driftMsPerDay: Milliseconds | null;
  /** The true drift is no further from `driftPpm` than this. */
  readonly driftErrorPpm: number | null;
  /** False once a drift is seen that is too large for the error bound to hold. */
  readonly asAssumed: boolean;
}

export interface PeerTimeView {
  readonly id: NodeId;
  /** There and back, of the sample that was believed. */
  readonly delayMs: Milliseconds;
  /** In the window that the best was chosen from. */
  readonly samples: number;
  readonly wall: ClockView;
  readonly monotonic: ClockView;
}

/**
 * A peer's wall clock was compared with this node's monotonic clock, and only here is it held against
 * this node's wall clock: a jump of that one spoils no sample, and shows at once.
 *
 * Undefined before the peer's first answer.
 */
export function viewPeer(
  id: NodeId,
  peer: Peer,
  ownWall: ComparedClock,
  now: Milliseconds,
  wallNow: Milliseconds,
): PeerTimeView | undefined {
  const wall = peer.wall.estimate(now);
  const monotonic = peer.monotonic.estimate(now);
  if (wall === null || monotonic === null) return undefined;
  const ownDrift = ownWall.drift();
  return {
    id,
    delayMs: wall.delay,
    samples: peer.wall.samples,
    wall: {
      offsetMs: wall.offset - (wallNow - now),
      errorMs: wall.error,
      ...viewDrift(ownDrift && peer.wall.drift(), ownDrift?.ppm ?? 0),
      asAssumed: peer.wall.asAssumed,
    },
    monotonic: {
      offsetMs: monotonic.offset,
      errorMs: monotonic.error,
      ...viewDrift(peer.monotonic.drift(), 0),
      asAssumed: peer.monotonic.asAssumed,
    },
  };
}

/** @param ownPpm how much faster the clock that it is to be compared with runs */
function viewDrift(drift: Drift | null, ownPpm: number) {
  if (drift === null) return { driftPpm: null, driftMsPerDay: null, driftErrorPpm: null };
  const driftPpm = drift.ppm - ownPpm;
  const driftMsPerDay = driftPpm * MS_A_DAY_PER_PPM;
  return { driftPpm, driftMsPerDay, driftErrorPpm: drift.errorPpm };
}
