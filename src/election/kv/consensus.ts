import type { Json, NodeId } from '../../vocabulary.ts';

/** How a proposal ended. */
export type Proposed =
  /** It is committed and was applied at `index`; `answer` is what the state machine said. */
  | { readonly ok: true; readonly answer: Json; readonly index: number }
  | {
      readonly ok: false;
      readonly reason:
        /** It never entered the log. */
        | 'not-leader'
        /** It never entered the log: too much waits there. */
        | 'full'
        /** It did, and its leader lost its place before it was committed: it may still be, or never. */
        | 'lost';
    };

/** A log that many nodes agree on, as whoever writes to it sees it. */
export interface Consensus {
  /** Who leads, as far as this node knows. */
  leader(): NodeId | null;
  isLeader(): boolean;
  /** `onEnd` hears once how it ended; never, if this life of the node ends first. */
  propose(command: Json, onEnd: (end: Proposed) => void): void;
  /**
   * `onEnd` hears true once this node's state machine has applied all that was committed when it was
   * asked; false if this node does not lead, or cannot show that it still does.
   */
  read(onEnd: (isCurrent: boolean) => void): void;
}

/** What every node makes of the log: the same commands in the same order give the same state. */
export interface StateMachine {
  /** `command` was committed at `index`. Whatever it is, this answers; it never throws. */
  apply(command: Json, index: number): Json;
  /** All that later answers depend on. */
  snapshot(): Json;
  /** In place of all there is. Null is the state before the first command. */
  restore(state: Json): void;
  /** Of the same state the same; two different states give the same once in four billion times. */
  digest(): number;
}
