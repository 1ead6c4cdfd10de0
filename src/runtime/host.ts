import type { Incarnation, Json, Milliseconds, NodeId } from '../vocabulary.ts';

/** Undoes what returned it. Calling it again does nothing. */
export type Cancel = () => void;

/**
 * All that a protocol may ask of the world. The same protocol runs in a browser tab and in the
 * simulator because it has no other way to reach a clock, a network or a die.
 */
export interface Host<Message> {
  readonly self: NodeId;

  /** Which life of this node this is: it rises with every restart, even one that lost all memory. */
  readonly incarnation: Incarnation;

  /** The nodes that this one has an open link to at this moment, in a stable order. */
  neighbours(): readonly NodeId[];

  /** This node's own clock: it may run fast or slow, but never back. Its zero means nothing. */
  monotonic(): Milliseconds;

  /** Time of day as this node believes it, since 1970. It may be wrong and it may jump. */
  wallClock(): Milliseconds;

  /** Uniform in [0, 1). */
  random(): number;

  /**
   * Best effort: the message may be lost, late, doubled or out of order. It is stamped with this
   * node's clocks as it leaves. Sending to a node without an open link loses the message.
   */
  send(to: NodeId, message: Message): void;

  /** Calls back once, after `delay` on this node's own monotonic clock, unless cancelled or stopped. */
  after(delay: Milliseconds, callback: () => void): Cancel;

  /** Stable storage, this protocol's own. */
  readonly store: Store;

  /** Notes something worth seeing. Views, checkers and exports read only what was recorded. */
  record(kind: string, detail: Detail): void;
}

/**
 * What survives a crash. All that a step stores becomes durable at once, and what it sends leaves
 * only after that: nobody ever hears of something that this node may forget.
 */
export interface Store {
  /** A copy of what was put last, in this life or an earlier one; undefined if there is nothing. */
  get(key: string): Json | undefined;

  put(key: string, value: Json): void;

  delete(key: string): void;

  /** In the order in which they were first put. */
  keys(): readonly string[];

  /**
   * Calls back once all that was stored up to the end of this step is durable: the moment to tell a
   * user that it is done. Never, if the node crashes before. False if it never will: too much waits
   * for the disk, or the node has ended.
   */
  whenDurable(callback: () => void): boolean;
}

/** What a protocol says of an event of its own: flat, small and JSON. */
export type Detail = { readonly [key: string]: string | number | boolean | null };
