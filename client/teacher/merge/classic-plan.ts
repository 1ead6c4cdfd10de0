import type { Deed } from '../../../src/merge/intent.ts';
import type { Milliseconds, NodeId } from '../../../src/vocabulary.ts';

/** So far ahead is the clock of one node: its writes look later than what others write afterwards. */
export const AHEAD_MS: Milliseconds = 5_000;

/** What one node does to the board. */
export interface Story {
  readonly id: NodeId;
  readonly deeds: readonly Deed[];
}

/** The lesson of a lost write: who stands on which side, and who writes what. */
export interface ClassicPlan {
  readonly one: readonly NodeId[];
  readonly other: readonly NodeId[];
  /** Of the other side; its clock is set ahead. */
  readonly ahead: NodeId;
  readonly opening: Story;
  /** By the other side, while the class is split. */
  readonly first: readonly Story[];
  /** A moment later, by the one side. */
  readonly second: readonly Story[];
}

/** What those bring to the fruit who have no other part. */
const FRUIT = ['fig', 'lemon', 'mango', 'grape', 'peach', 'melon', 'cherry', 'orange'] as const;

const END = 100_000;

/** @param fresh nothing is on the board yet @param nodes two at least, in the order in which they are shown */
export function planClassic(nodes: readonly NodeId[], fresh: boolean): ClassicPlan {
  const half = Math.ceil(nodes.length / 2);
  const [one, other] = [nodes.slice(0, half), nodes.slice(half)];
  const [writer, ahead] = [one[0]!, other[0]!];
  return {
    ...{ one, other, ahead },
    opening: { id: writer, deeds: fresh ? OPENING : AGAIN },
    first: [{ id: ahead, deeds: AHEADS_STORY }, ...other.slice(1).map(inPassing)],
    second: [{ id: writer, deeds: WRITERS_STORY }, ...one.slice(1).map(inPassing)],
  };
}

const AGAIN: readonly Deed[] = [{ do: 'set', key: 'captain', value: 'Ada' }];

const OPENING: readonly Deed[] = [
  ...AGAIN,
  { do: 'increment', key: 'goals', by: 12 },
  { do: 'add', key: 'fruit', item: 'apple' },
  { do: 'add', key: 'fruit', item: 'pear' },
  { do: 'type', key: 'report', position: 0, text: 'at half time' },
  { do: 'insert', key: 'line-up', position: 0, item: 'Ada' },
];

const AHEADS_STORY: readonly Deed[] = [
  { do: 'set', key: 'captain', value: 'Mia' },
  { do: 'increment', key: 'goals', by: 1 },
  { do: 'remove', key: 'fruit', item: 'pear' },
  { do: 'type', key: 'report', position: END, text: ', in the rain' },
  { do: 'insert', key: 'line-up', position: END, item: 'Mia' },
];

const WRITERS_STORY: readonly Deed[] = [
  { do: 'set', key: 'captain', value: 'Noor' },
  { do: 'increment', key: 'goals', by: 1 },
  { do: 'add', key: 'fruit', item: 'kiwi' },
  { do: 'type', key: 'report', position: 0, text: 'we won ' },
  { do: 'insert', key: 'line-up', position: END, item: 'Noor' },
];

function inPassing(id: NodeId, index: number): Story {
  const item = FRUIT[index % FRUIT.length]!;
  return { id, deeds: [{ do: 'increment', key: 'goals', by: 1 }, { do: 'add', key: 'fruit', item }] }; // prettier-ignore
}
