import type { Cell, CellAction } from './models.ts';

/** What the operations of a model are called in a file, and what nil means to it. */
export interface Vocabulary {
  readonly kinds: ReadonlyMap<string, CellAction['kind']>;
  /** If not, there is but one cell, and it has no name: its key is the empty text. */
  readonly hasKeys: boolean;
  readonly nil: Cell;
}

export const REGISTER: Vocabulary = {
  kinds: new Map([
    ['read', 'read'],
    ['write', 'write'],
    ['cas', 'cas'],
  ]),
  hasKeys: false,
  nil: null,
};

export const KEY_VALUE: Vocabulary = {
  kinds: new Map([
    ['get', 'read'],
    ['put', 'write'],
    ['append', 'append'],
    ['cas', 'cas'],
    ['delete', 'delete'],
  ]),
  hasKeys: true,
  nil: '',
};
