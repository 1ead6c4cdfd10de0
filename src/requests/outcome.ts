import type { Json, Milliseconds } from '../vocabulary.ts';

/** Why a call failed; for one that was tried several times, why the last attempt did. */
export type FailureReason =
  /** No answer came in time. Nobody can tell whether the request, the server or the answer was lost. */
  | 'timeout'
  /** So many calls of that node failed lately that it is left alone for a while. */
  | 'circuit-open'
  /** So many calls of that node are open that one more would only wait behind them. */
  | 'bulkhead-full'
  /** The server said that it does not serve it: too much waits there, or it serves nobody. */
  | 'refused'
  /** No link leads there. */
  | 'no-link';

/** How a call ended. Every call ends, with one of these. */
export type Outcome =
  | { readonly ok: true; readonly value: Json; readonly attempts: number }
  | {
      readonly ok: false;
      readonly reason: FailureReason;
      readonly attempts: number;
      /** Some attempt was neither answered nor refused: it may have been executed, or may still be. */
      readonly mayHaveHappened: boolean;
    };

export interface CallOptions {
  /** How long each attempt waits for its answer. */
  readonly timeoutMs?: Milliseconds;
  /** At most, the first included; the room's choice of retries may allow fewer. */
  readonly attempts?: number;
}
