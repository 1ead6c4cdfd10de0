import type { Operation } from './history.ts';

/**
 * What a service would do if it served one client at a time, on one machine that never fails. Being
 * linearizable means that nobody can tell the real one from this.
 */
export interface Model<State, Action> {
  readonly initial: State;
  /**
   * The state after `operation` took effect in `state`, or `undefined` if it cannot have ended the
   * way it did. One of unknown outcome can always end.
   */
  step(state: State, operation: Operation<Action>): State | undefined;
  /** Does it leave every state as it was, whatever it was told? Then it only tells what it saw. */
  isObservation(operation: Operation<Action>): boolean;
  /** Can it always end as it did, and leave the same state whatever there was before? */
  overwrites(operation: Operation<Action>): boolean;
  /** The same text for two states exactly when no operation can ever tell them apart. */
  identity(state: State): string;
  /** Operations with different partitions never affect each other, so each is checked by itself. */
  partition(operation: Operation<Action>): string;
  /** What was asked and what was answered, as in 'process 3 …'. */
  describe(operation: Operation<Action>): string;
  /** As in 'then …'. */
  describeState(state: State, partition: string): string;
}

/** What one cell holds; `null` is nil, the value of a register that nobody has written. */
export type Cell = string | null;

/** What can be asked of one cell. `value` of a read is what it returned; not there while it is open. */
export type CellAction = { readonly key: string } & (
  | { readonly kind: 'read'; readonly value?: Cell }
  | { readonly kind: 'write'; readonly value: Cell }
  | { readonly kind: 'append'; readonly value: string }
  | { readonly kind: 'cas'; readonly from: Cell; readonly to: Cell }
  | { readonly kind: 'delete' }
);

/** A single cell that starts as nil. */
export const registerModel = cellModel(null, () => 'the register');

/** A cell for each key, which starts as the empty text. Deleting a key makes it so again. */
export const keyValueModel = cellModel('', (key) => `key ${JSON.stringify(key)}`);

function cellModel(initial: Cell, nameOf: (key: string) => string): Model<Cell, CellAction> {
  return {
    initial,
    step: (state, operation) => stepCell(initial, state, operation),
    isObservation: ({ action, outcome }) => outcome === 'fail' || action.kind === 'read',
    overwrites: ({ action, outcome }) =>
      outcome !== 'fail' && (action.kind === 'write' || action.kind === 'delete'),
    // The sign tells nil from a text that says so.
    identity: (state) => (state === null ? 'nil' : `=${state}`),
    partition: ({ action }) => action.key,
    describe: (operation) => `${describeAction(operation)} ${nameOf(operation.action.key)}`,
    describeState: (state, key) => `${nameOf(key)} holds ${show(state)}`,
  };
}

function stepCell(
  initial: Cell,
  state: Cell,
  { action, outcome }: Operation<CellAction>,
): Cell | undefined {
  // A failed compare-and-set has seen another value. Any other failure says nothing of the state.
  if (outcome === 'fail') return action.kind === 'cas' && state === action.from ? undefined : state;
  switch (action.kind) {
    case 'read':
      return outcome === 'unknown' || action.value === state ? state : undefined;
    case 'write':
      return action.value;
    case 'append':
      return (state ?? '') + action.value;
    case 'cas':
      if (state === action.from) return action.to;
      return outcome === 'unknown' ? state : undefined;
    case 'delete':
      return initial;
  }
}

function describeAction({ action, outcome }: Operation<CellAction>): string {
  const said = outcome === 'ok' ? '' : outcome === 'fail' ? ' (refused)' : ' (outcome unknown)';
  switch (action.kind) {
    case 'read':
      return action.value === undefined ? `read${said} of` : `read ${show(action.value)} from`;
    case 'write':
      return `write ${show(action.value)}${said} to`;
    case 'append':
      return `append ${show(action.value)}${said} to`;
    case 'cas':
      return `compare-and-set from ${show(action.from)} to ${show(action.to)}${said} of`;
    case 'delete':
      return `delete${said} of`;
  }
}

/** A text grows by appends; its end says where it stands. */
const SHOWN_CHARACTERS = 60;

function show(value: Cell): string {
  if (value === null) return 'nil';
  return value.length <= SHOWN_CHARACTERS
    ? JSON.stringify(value)
    : `…${JSON.stringify(value.slice(-SHOWN_CHARACTERS))}`;
}
