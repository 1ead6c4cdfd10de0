import type { NodeId } from '../../../src/vocabulary.ts';

/** What a node reports of one of its ways out. */
export interface LinkQueue {
  readonly from: NodeId;
  readonly to: NodeId;
  /** What waits for the line now. */
  readonly bytes: number;
  /** Frames that found the queue full, so far. */
  readonly overflowed: number;
}
