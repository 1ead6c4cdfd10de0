import type { Milliseconds } from '../vocabulary.ts';
import type { HybridTime } from '../clocks/hybrid.ts';
import type { Intent, IntentId, Kind, Replica, Scalar } from './intent.ts';

/**
 * What every merge engine offers: one replica of the board, by one rule for what becomes of concurrent
 * edits. All pass one suite (`test/compliance/merge-engine.ts`). The rules MERGE-1 to MERGE-9 stand in
 * README.md.
 */

export const ENGINES = ['lww', 'lww-hybrid', 'siblings', 'crdt', 'yjs', 'automerge'] as const;
export type EngineName = (typeof ENGINES)[number];

/** What one replica tells another of one intent, in the engine's own bytes. Opaque to whoever carries it. */
export type Operation = Uint8Array;

/** What a replica holds, short enough to be sent every second: so that another knows what it lacks. */
export type Digest = Uint8Array;

/**
 * The present board. A field's value; where concurrent ones are kept, those of all siblings, sorted. A
 * set is sorted. Fields that nobody has touched are absent, not empty.
 */
export interface BoardValue {
  readonly value: ReadonlyMap<string, Scalar | readonly Scalar[]>;
  readonly counter: ReadonlyMap<string, number>;
  readonly set: ReadonlyMap<string, readonly string[]>;
  readonly text: ReadonlyMap<string, string>;
  readonly list: ReadonlyMap<string, readonly string[]>;
}

/** A field in which concurrent edits stand beside each other, and whose they are. */
export interface Conflict {
  readonly kind: Kind;
  readonly key: string;
  readonly between: readonly IntentId[];
}

/**
 * The smallest piece that an intent puts onto the board, or takes from it: 0 for the only one, or the
 * how manieth character of what it typed.
 */
export interface Atom {
  readonly intent: IntentId;
  readonly index: number;
}

/** What of whom the present board is made of, field by field. An atom that stands there twice is in it twice. */
export interface Provenance {
  readonly kind: Kind;
  readonly key: string;
  readonly atoms: readonly Atom[];
}

export interface EngineSize {
  /** Of the whole state as the engine would save it. */
  readonly stateBytes: number;
  /** Of what people see in it: the text, the values, the items, in UTF-8. */
  readonly contentBytes: number;
  /** Operations that wait for another which has not come yet. */
  readonly pending: number;
}

export interface EngineWorld {
  readonly self: Replica;
  /** Of whole milliseconds and less. May be wrong and may jump. */
  readonly wallClock: () => Milliseconds;
  /** For engines stamped by it; never behind the wall clock. */
  readonly hybridClock: {
    tick(): HybridTime;
    /** Another's stamp has been heard. */
    heard(time: HybridTime): void;
  };
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface MergeEngine {
  readonly name: EngineName;

  /**
   * Does to this replica's board what its user wants, and answers what the others need to do the same.
   * `intent` is the replica's own, and fit: numbered in a row. Null where there is nothing to do, as
   * where an erasure meets an empty text.
   */
  apply(intent: Intent): Operation | null;

  /**
   * Takes another replica's operation, in any order, once or more often. What it depends on may come
   * later: until then it waits. False if these are no operation of this engine.
   */
  receive(operation: Operation): boolean;

  digest(): Digest;

  /** What whoever sent that digest lacks, as far as this replica has it; null if that is no digest. */
  missing(digest: Digest): readonly Operation[] | null;

  value(): BoardValue;
  conflicts(): readonly Conflict[];
  /** Of every field that was ever touched, also where nothing is left in it. */
  provenance(): readonly Provenance[];
  size(): EngineSize;
}
