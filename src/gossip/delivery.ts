import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';

/** A broadcast as a node hands it to whoever listens: once at every node. */
export interface Delivery {
  readonly id: string;
  /** Who broadcast it, however many nodes passed it on. */
  readonly from: NodeId;
  readonly payload: Json;
  /** How many links it came over; 0 at its origin. */
  readonly hops: number;
  /** How it came: told at once, asked for after a hint, or found missing in a comparison. */
  readonly by: 'origin' | 'eager' | 'graft' | 'rumour' | 'repair';
  /** How long it was held back for what its sender knew of; 0 unless deliveries are causal. */
  readonly heldMs: Milliseconds;
  /** It was held for as long as may be, and something that came before it has still not come. */
  readonly outOfOrder: boolean;
}
