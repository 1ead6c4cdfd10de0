import type { NodeId } from '../vocabulary.ts';
import type { Lane, SendOutcome } from '../wire/lane.ts';

export type { SendOutcome };

export interface TransportListener {
  /** A whole frame has arrived. The bytes belong to the listener. */
  frame(from: NodeId, bytes: Uint8Array, lane: Lane): void;
  up(neighbour: NodeId): void;
  /** Every `down` follows an `up` of the same neighbour. */
  down(neighbour: NodeId, reason: string): void;
}

/**
 * Carries whole frames between neighbours. What every transport promises is written down as the
 * transport compliance suite; in short:
 *
 * - TRANSPORT-1 A frame on the stream arrives once, whole and in order while the link stays open.
 * - TRANSPORT-2 A datagram arrives whole, once or not at all.
 * - TRANSPORT-3 What arrives shares no memory with what was sent.
 * - TRANSPORT-4 `up` comes before the first frame of a neighbour, `down` after the last.
 * - TRANSPORT-5 Sending without a link is an outcome, never an exception.
 * - TRANSPORT-6 After `stop` the listener hears nothing more, and neighbours hear `down`.
 *
 * Link rules take back what they say and no more; README.md has it rule by rule.
 */
export interface Transport {
  readonly self: NodeId;
  start(listener: TransportListener): void;
  stop(): void;
  neighbours(): readonly NodeId[];
  send(to: NodeId, frame: Uint8Array, lane: Lane): SendOutcome;
}
