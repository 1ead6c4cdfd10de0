import { MAX_CAPACITY } from '../wire/signaling-limits.ts';
import type { NodeId } from '../vocabulary.ts';

/** Why a receiver that follows the rules refuses a frame of one that may not. */
export type RefusalCause =
  /** This direction is cut, or the way back is. */
  | 'cut'
  /** This direction swallows everything. */
  | 'blackhole'
  /** Its sender obeys an older network than the one that changed this direction. */
  | 'outdated'
  /** It carries no label that can be one. */
  | 'unlabelled'
  /** More than the line of this direction can carry, over a minute and more. */
  | 'too-fast';

/** What rules and conditions did to the frames of one neighbour. On the way out if nothing else is said. */
export interface LinkCounts {
  /** By chance, in silence. */
  lost: number;
  /** By a blackhole, in silence. */
  swallowed: number;
  /** This node omitted to send them. */
  unsent: number;
  duplicated: number;
  corrupted: number;
  /** The queue of the line had no room. */
  overflowed: number;
  /** On the way in: this node omitted to receive them. */
  unheard: number;
  /** On the way in: this node is slow, and too much waited to be read. */
  unread: number;
  /** On the way in. */
  refused: { [cause in RefusalCause]: number };
}

/** Of everybody who was ever linked, in the fullest room twice over. */
export const MAX_COUNTED_LINKS = 2 * MAX_CAPACITY;

export function noCounts(): LinkCounts {
  return {
    lost: 0,
    swallowed: 0,
    unsent: 0,
    duplicated: 0,
    corrupted: 0,
    overflowed: 0,
    unheard: 0,
    unread: 0,
    refused: { cut: 0, blackhole: 0, outdated: 0, unlabelled: 0, 'too-fast': 0 },
  };
}

/** One set of counters for each neighbour; past the limit the one that came first is forgotten. */
export class CountsByLink {
  private readonly byNeighbour = new Map<NodeId, LinkCounts>();

  of(neighbour: NodeId): LinkCounts {
    let counts = this.byNeighbour.get(neighbour);
    if (counts !== undefined) return counts;
    if (this.byNeighbour.size >= MAX_COUNTED_LINKS) {
      const [first] = this.byNeighbour.keys();
      this.byNeighbour.delete(first!);
    }
    counts = noCounts();
    this.byNeighbour.set(neighbour, counts);
    return counts;
  }
}

/** Frames that left this node for nobody, in silence. */
export function lostInSilence({ lost, swallowed, unsent }: LinkCounts): number {
  return lost + swallowed + unsent;
}

export function refusedInAll({ refused }: LinkCounts): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}
