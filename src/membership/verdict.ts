import type { Incarnation, Milliseconds, NodeId } from '../vocabulary.ts';

/** What one node holds of another. `left` went by itself: nobody has to find out. */
export type MemberState = 'alive' | 'suspect' | 'dead' | 'left';

export type Verdict = 'alive' | 'suspect' | 'dead';

/** Who left is there no more than who died. */
export function verdictOf(state: MemberState): Verdict {
  return state === 'left' ? 'dead' : state;
}

/** A node as this one knows it. */
export interface MemberView {
  readonly id: NodeId;
  readonly state: MemberState;
  readonly verdict: Verdict;
  /** Which life of it is meant. */
  readonly life: Incarnation;
  /** How often it has contradicted its death in this life: a higher count beats any older word of it. */
  readonly refutation: number;
  /** Why, in words for a student. */
  readonly reason: string;
  /** When the state came about, on this node's own monotonic clock. */
  readonly since: Milliseconds;
  /** Who suspects it, as far as is known here; empty unless it is suspect. */
  readonly suspectedBy: readonly NodeId[];
  /** The last round trip; null for one that is no neighbour, or was never measured. */
  readonly rttMs: Milliseconds | null;
  /** How long this node itself has heard nothing of it; null if it never did. */
  readonly silentMs: Milliseconds | null;
}
