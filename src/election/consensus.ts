import type { Json, NodeId } from '../vocabulary.ts';

/** What a log is kept for: the same entries in the same order give the same answers at every node. */
export interface StateMachine {
  apply(command: Json, index: number): Json;
  snapshot(): Json;
  restore(state: Json): void;
  /** The same for the same state. */
  digest(): number;
}

/** How a command that was put forward ended. 'lost': it may still act, or never; nobody here will hear. */
export type Proposed =
  | { readonly ok: true; readonly answer: Json; readonly index: number }
  | { readonly ok: false; readonly reason: 'not-leader' | 'lost' | 'full' };

/** A log that many nodes agree on, as one of them sees it. */
export interface Consensus {
  leader(): NodeId | null;
  isLeader(): boolean;
  /** `onEnd` hears once, within this call only if it is refused. */
  propose(command: Json, onEnd: (result: Proposed) => void): void;
  /** After a yes the state machine of this node is at least as new as any answer given before. */
  read(onEnd: (ok: boolean) => void): void;
}
