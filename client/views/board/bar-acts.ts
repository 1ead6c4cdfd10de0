import { MAX_POSITION, type Deed, type Kind } from '../../../src/merge/intent.ts';

/** One thing that the bar can do to a field of a kind. */
export interface BarAct {
  readonly label: string;
  readonly deed: (key: string, what: string) => Deed;
}

interface BarKind {
  readonly value: Kind;
  readonly name: string;
  /** A name that a field of this kind may have. */
  readonly example: string;
  /** What is asked for; null if nothing. */
  readonly what: string | null;
  /** The first is what Enter does. */
  readonly acts: readonly BarAct[];
}

/** Beyond the end means the end, in every engine. */
const END = MAX_POSITION;

export const BAR_KINDS: readonly BarKind[] = [
  {
    ...{ value: 'value', name: 'Value', example: 'captain', what: 'a name, a colour …' },
    acts: [{ label: 'Write', deed: (key, value) => ({ do: 'set', key, value }) }],
  },
  {
    ...{ value: 'counter', name: 'Counter', example: 'goals', what: null },
    acts: [
      { label: '+1', deed: (key) => ({ do: 'increment', key, by: 1 }) },
      { label: '−1', deed: (key) => ({ do: 'increment', key, by: -1 }) },
    ],
  },
  {
    ...{ value: 'set', name: 'Set', example: 'fruit', what: 'an item' },
    acts: [
      { label: 'Add', deed: (key, item) => ({ do: 'add', key, item }) },
      { label: 'Remove', deed: (key, item) => ({ do: 'remove', key, item }) },
    ],
  },
  {
    ...{ value: 'text', name: 'Text', example: 'report', what: 'some words' },
    acts: [
      {
        label: 'Type at the end',
        deed: (key, text) => ({ do: 'type', key, position: END, text: spaced(text) }),
      },
      {
        label: 'At the start',
        deed: (key, text) => ({ do: 'type', key, position: 0, text: spaced(text) }),
      },
    ],
  },
  {
    ...{ value: 'list', name: 'List', example: 'order', what: 'an item' },
    acts: [
      { label: 'Add last', deed: (key, item) => ({ do: 'insert', key, position: END, item }) },
      { label: 'Add first', deed: (key, item) => ({ do: 'insert', key, position: 0, item }) },
    ],
  },
];

/** So that words do not run together. */
function spaced(text: string): string {
  return text === '' || /\s$/.test(text) ? text : `${text} `;
}
