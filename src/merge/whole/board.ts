import type { BoardValue, Provenance } from '../engine.ts';
import { KINDS, type Kind, type Scalar } from '../intent.ts';
import type { Pieces } from './pieces.ts';

/** A field as it is shown now. */
export interface ShownField {
  readonly kind: Kind;
  readonly key: string;
  readonly pieces: Pieces;
}

export function boardOf(fields: readonly ShownField[]): BoardValue {
  const board = {
    value: new Map<string, Scalar | readonly Scalar[]>(),
    counter: new Map<string, number>(),
    set: new Map<string, readonly string[]>(),
    text: new Map<string, string>(),
    list: new Map<string, readonly string[]>(),
  };
  for (const { kind, key, pieces } of fields) {
    const contents = pieces.map(({ content }) => content);
    // Of each kind only what fits it is ever written: the schema of deeds sees to it.
    if (kind === 'value') board.value.set(key, contents.length === 1 ? contents[0]! : contents.sort(compareScalars)); // prettier-ignore
    if (kind === 'counter') board.counter.set(key, (contents as number[]).reduce((a, b) => a + b, 0)); // prettier-ignore
    if (kind === 'set') board.set.set(key, [...new Set(contents as string[])].sort());
    if (kind === 'text') board.text.set(key, contents.join(''));
    if (kind === 'list') board.list.set(key, contents as string[]);
  }
  return board;
}

export function provenanceOf(fields: readonly ShownField[]): readonly Provenance[] {
  return fields.map(({ kind, key, pieces }) => ({
    ...{ kind, key },
    atoms: pieces.map(({ atom }) => atom),
  }));
}

/** The same order everywhere: kind by kind, key by key. */
export function compareFields(
  a: Omit<ShownField, 'pieces'>,
  b: Omit<ShownField, 'pieces'>,
): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || compareText(a.key, b.key);
}

/** Numbers before texts, 9 before 10, and the same everywhere. */
export function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const rank = (scalar: Scalar) => RANKS.indexOf(scalar === null ? 'null' : typeof scalar);
  return rank(a) - rank(b) || compareText(String(a), String(b));
}

const RANKS = ['null', 'boolean', 'number', 'string'];

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
