import type { Host } from '../runtime/host.ts';
import type { Json, NodeId } from '../vocabulary.ts';
import type { Arrival, Broadcast } from './broadcast.ts';
import type { BroadcastStore } from './broadcast-store.ts';
import type { GossipMessage, Kind, Told } from './messages.ts';
import type { TellQueue } from './tell-queue.ts';

/** What a strategy works with. */
export interface SpreadContext {
  readonly host: Host<GossipMessage>;
  readonly store: BroadcastStore;
  readonly queue: TellQueue;
  /** Whether comparisons find what the strategy misses. */
  readonly isBackedUp: () => boolean;
}

/**
 * How news reaches everyone: whom a node tells what it has just learnt, and when. What is new, and
 * that it is delivered once, is not its business. Every strategy passes the same suite of tests.
 */
export interface Spread {
  start(): void;

  /** Its timers end. What it had not finished telling is handed over, for another to tell. */
  stop(): readonly Broadcast[];

  /** `broadcast` is new here. `from` is who told it, null for this node's own; `told` who else was told. */
  learnt(broadcast: Broadcast, how: Arrival, from: NodeId | null, told: readonly NodeId[]): void;

  /** A copy of what was known came, too. `kept` is what is kept of it, if it still is. */
  again?(kept: Broadcast | undefined, copy: Told, how: Arrival, from: NodeId): void;

  /** All of a message was handled: what that asks for may leave together. */
  settle?(): void;

  receive?(from: NodeId, message: Kind<'have' | 'graft' | 'prune' | 'ask'>): void;

  neighbourUp?(id: NodeId): void;

  neighbourDown?(id: NodeId): void;

  /** Whom it tells an origin's news as soon as it comes; nobody, if chance decides. */
  passesOn(origin: NodeId): readonly NodeId[];

  inspect(): { readonly [key: string]: Json };
}
