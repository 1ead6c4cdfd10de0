import type { Incarnation, Json, NodeId } from '../vocabulary.ts';
import type { Run } from './sequences.ts';

/** One life of one node: what it broadcasts is counted from 1. */
export interface Source {
  readonly origin: NodeId;
  readonly life: Incarnation;
}

/** Some broadcasts of one life, without a gap. */
export interface SourceRun extends Source, Run {}

/** All of one life's broadcasts up to a number. */
export interface Past extends Source {
  readonly upTo: number;
}

/** A broadcast as a node keeps it. */
export interface Broadcast extends Source {
  readonly sequence: number;
  readonly payload: Json;
  /** What its origin had delivered before it; empty if that origin did not care for causes. */
  readonly after: readonly Past[];
  /** Over how many links the copy came that is kept; 0 at the origin. */
  hops: number;
  /** The neighbour over whose eager link it came; null if it came in any other way. */
  via: NodeId | null;
  /** About what it takes on the wire. */
  readonly bytes: number;
}

/** How a copy came to a node. */
export type Arrival = 'origin' | 'eager' | 'graft' | 'rumour' | 'repair';

export function sourceKey(origin: NodeId, life: Incarnation): string {
  return `${origin}.${life}`;
}

/** The same all over the room, and of no other broadcast, over restarts too. */
export function idOf({ origin, life, sequence }: Source & { readonly sequence: number }): string {
  return `${origin}.${life}.${sequence}`;
}

/** The same as runs, one source after the other. */
export function runsOfAll(
  broadcasts: Iterable<Source & { readonly sequence: number }>,
): SourceRun[] {
  const bySource = new Map<string, { source: Source; sequences: number[] }>();
  for (const { origin, life, sequence } of broadcasts) {
    const key = sourceKey(origin, life);
    const entry = bySource.get(key);
    if (entry === undefined) bySource.set(key, { source: { origin, life }, sequences: [sequence] });
    else entry.sequences.push(sequence);
  }
  const runs: (Source & { first: number; last: number })[] = [];
  for (const { source, sequences } of bySource.values()) {
    sequences.sort((a, b) => a - b);
    sequences.forEach((sequence, i) => {
      if (i > 0 && sequence <= sequences[i - 1]! + 1) runs.at(-1)!.last = sequence;
      else runs.push({ ...source, first: sequence, last: sequence });
    });
  }
  return runs;
}
