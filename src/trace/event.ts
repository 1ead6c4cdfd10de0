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
  /** True milliseconds since 1970: what no node knows, for whoever looks from outside. */
  readonly at: Milliseconds;
  /** Time of day as the node believed it. */
  readonly wall: Milliseconds;
  readonly monotonic: Milliseconds;
}

export type Happening =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** A later life found this many entries on its disk: none if it was wiped. Follows `start`. */
  | { readonly type: 'restart'; readonly entries: number }
  /** The last event of a life that lost all but what it had stored. */
  | { readonly type: 'crash' }
  /**
   * The node does not run. A commanded pause begins here, and its length is not known yet (null). A
   * real one is noticed when it is over, and `lengthMs` is the least that it lasted.
   */
  | { readonly type: 'pause'; readonly lengthMs: Milliseconds | null }
  /** A commanded pause is over; `lost` frames found no room while it lasted. */
  | { readonly type: 'resume'; readonly pausedMs: Milliseconds; readonly lost: number }
  /** What a step stored is on its way to the disk. Writes of a life count from 1. */
  | {
      readonly type: 'store';
      readonly write: number;
      readonly entries: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'send';
      readonly to: NodeId;
      readonly protocol: string;
      /** What the protocol calls a message of this kind; empty if it has only one. */
      readonly kind: string;
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
  /**
   * A frame that was not handed to a protocol, or not taken by the transport, and why. An answer that
   * was to wait for the disk has the node itself as its peer.
   */
  | {
      readonly type: 'drop';
      readonly peer: NodeId;
      readonly protocol: string;
      readonly reason: DropReason;
    }
  | { readonly type: 'up'; readonly peer: NodeId }
  | { readonly type: 'down'; readonly peer: NodeId; readonly reason: string }
  /**
   * The teacher changed the room's network, or told this node to do something. `title` says what, in
   * the same words at every node that was told.
   */
  | {
      readonly type: 'order';
      readonly title: string;
      /** Of the network that is in force from now on; null if only this node was told something. */
      readonly version: number | null;
      /** What befalls this node's ways out and the node itself from now on; null if that is as before. */
      readonly under: Burdens | null;
    }
  /** A peer that kept sending garbage is not listened to until `untilMonotonic`. */
  | { readonly type: 'quarantine'; readonly peer: NodeId; readonly untilMonotonic: Milliseconds }
  /** What a protocol recorded of its own. */
  | {
      readonly type: 'note';
      readonly protocol: string;
      readonly kind: string;
      readonly detail: { readonly [key: string]: string | number | boolean | null };
    };

/** Link rules and node conditions as they stand in a trace: plain figures and words by name. */
export interface Burdens {
  /** The rules for each way out that has any. */
  readonly links: readonly { readonly to: NodeId; readonly rule: Burden }[];
  readonly node: Burden;
}
export type Burden = { readonly [field: string]: number | boolean | string };

/** In this order on the wire. */
export const DROP_REASONS = [
  'no-link',
  'overflow',
  'too-large',
  'malformed',
  'version',
  'checksum',
  'other-room',
  'impostor',
  'unknown-protocol',
  'schema',
  'stale-incarnation',
  'quarantined',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];
