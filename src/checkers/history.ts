/**
 * What clients asked of a service, and what they were told: all that a checker of consistency sees.
 * It looks at the service from outside, so it needs to know nothing of how the service works.
 */

/**
 * How an operation ended, as its client saw it.
 *
 * - `ok`: it took effect, once, between its call and its return.
 * - `fail`: it took no effect, and was refused between its call and its return.
 * - `unknown`: nobody told the client. It may have taken effect at any time since its call, may still
 *   do so, or never will. A timeout is this, and never `fail`.
 */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface Operation<Action> {
  readonly process: string;
  readonly action: Action;
  readonly outcome: Outcome;
  /** When it was asked for: a time, or a position in a file. All of a history share one unit. */
  readonly calledAt: number;
  /** When its client was told, in the same unit; `Infinity` if and only if the outcome is unknown. */
  readonly returnedAt: number;
}

/** In no particular order: what came before what, the two instants of each operation say. */
export type History<Action> = readonly Operation<Action>[];

/**
 * What an observer knew at the instant `end`, and no later: operations that had not returned by then
 * are still open, so their outcome is unknown; those not yet called do not exist.
 */
export function prefixUntil<Action>(history: History<Action>, end: number): Operation<Action>[] {
  return history
    .filter(({ calledAt }) => calledAt <= end)
    .map((operation) =>
      operation.returnedAt <= end
        ? operation
        : { ...operation, outcome: 'unknown', returnedAt: Infinity },
    );
}
