import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';

/**
 * The one union of all that a node lets others see. Diagrams, metrics, checkers and exports are made
 * from these alone. Every event carries where and when it happened, by all of the node's clocks.
 */
export type TraceEvent = Stamp & Happening;

export interface Stamp {
  readonly node: NodeId;
  readonly incarnation: Incarnation;
  /** Counts this life's events from 1, without gaps. */
  readonly sequence: number;
  readonly lamport: number;
  readonly vector: { readonly [node: string]: number };
  /** Time of day as the node believed it. */
  readonly wall: Milliseconds;
  readonly monotonic: Milliseconds;
}

export type Happening =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | {
      readonly type: 'send';
      readonly to: NodeId;
      readonly protocol: string;
      readonly message: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'receive';
      readonly from: NodeId;
      readonly protocol: string;
      readonly message: number;
      readonly bytes: number;
    }
  /** A frame that was not handed to a protocol, or not taken by the transport, and why. */
  | {
      readonly type: 'drop';
      readonly peer: NodeId;
      readonly protocol: string;
      readonly reason: DropReason;
    }
  | { readonly type: 'up'; readonly peer: NodeId }
  | { readonly type: 'down'; readonly peer: NodeId; readonly reason: string }
  /** A peer that kept sending garbage is not listened to until `untilMonotonic`. */
  | { readonly type: 'quarantine'; readonly peer: NodeId; readonly untilMonotonic: Milliseconds }
  /** What a protocol recorded of its own. */
  | {
      readonly type: 'note';
      readonly protocol: string;
      readonly kind: string;
      readonly detail: { readonly [key: string]: string | number | boolean | null };
    };

export type DropReason =
  | 'no-link'
  | 'overflow'
  | 'too-large'
  | 'malformed'
  | 'version'
  | 'checksum'
  | 'other-room'
  | 'impostor'
  | 'unknown-protocol'
  | 'schema'
  | 'stale-incarnation'
  | 'quarantined';
