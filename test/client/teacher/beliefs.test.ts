import { describe, expect, it } from 'vitest';
import { beliefTable } from '../../../client/teacher/beliefs/belief-table.ts';
import {
  beliefSummary,
  cellWords,
  majorityWords,
} from '../../../client/teacher/beliefs/belief-words.ts';
import type { ObservedNode } from '../../../client/session/snapshots.ts';
import type { Beliefs } from '../../../src/membership/majority.ts';
import type { Verdict } from '../../../src/membership/verdict.ts';
import { testNodeId } from '../../support/node-ids.ts';

const NAMES = ['Crow', 'Heron', 'Ibex', 'Lynx', 'Mole', 'Newt', 'Otter', 'Tern', 'Wren'];

function room(change: Record<string, Partial<ObservedNode>> = {}): ObservedNode[] {
  return NAMES.map((name, i) => ({
    id: testNodeId(i),
    name,
    incarnation: 1,
    plugged: true,
    present: true,
    watched: true,
    state: 'joined',
    ...change[name],
  }));
}

/** All hold all for alive, but as `but` says. Who is in `silent` says nothing. */
function held(
  nodes: readonly ObservedNode[],
  but: (by: string, of: string) => Verdict | null | undefined,
  silent: readonly string[] = [],
): Beliefs {
  return new Map(
    nodes
      .filter(({ name }) => !silent.includes(name))
      .map((by) => [
        by.id,
        new Map(
          nodes.flatMap((of): [typeof of.id, Verdict][] => {
            const verdict = of === by ? null : but(by.name, of.name);
            return verdict === null ? [] : [[of.id, verdict ?? 'alive']];
          }),
        ),
      ]),
  );
}

const crashed = room({ Otter: { state: 'crashed' } });
const dies = (by: string, of: string): Verdict | undefined =>
  of === 'Otter' && by !== 'Heron' ? 'dead' : undefined;

describe('who believes whom dead', () => {
  it('is a row for each that believes, a column for each that is believed of', () => {
    const { rows, columns } = beliefTable(crashed, held(crashed, dies, ['Otter']));
    expect(columns.map(({ name }) => name)).toEqual(NAMES);
    const marks = rows.map(({ cells }) =>
      cells.map(({ verdict, self }) => (self ? '/' : (verdict?.[0] ?? ' '))).join(''),
    );
    expect(marks).toEqual([
      '/aaaaadaa',
      'a/aaaaaaa',
      'aa/aaadaa',
      'aaa/aadaa',
      'aaaa/adaa',
      'aaaaa/daa',
      '      /  ',
      'aaaaaad/a',
      'aaaaaada/',
    ]);
    expect(rows.filter(({ tells }) => !tells).map(({ name }) => name)).toEqual(['Otter']);
  });

  it('BELIEF-3 lights what is not what most hold, and nothing where all agree', () => {
    const lit = (beliefs: Beliefs): string[] => {
      const { rows, columns } = beliefTable(crashed, beliefs);
      return rows.flatMap(({ name, cells }) =>
        cells.flatMap((cell, i) => (cell.lit ? [`${name}>${columns[i]!.name}`] : [])),
      );
    };
    expect(lit(held(crashed, dies, ['Otter']))).toEqual(['Heron>Otter']);
    expect(lit(held(crashed, (_, of) => (of === 'Otter' ? 'dead' : undefined)))).toEqual([]);
    // Half against half: there is no majority to stand with.
    const four = room().slice(0, 5);
    const halves = held(four, (by, of) =>
      of === 'Mole' && (by === 'Crow' || by === 'Heron') ? 'dead' : undefined,
    );
    const { rows } = beliefTable(four, halves);
    expect(rows.flatMap(({ cells }) => cells).filter((cell) => cell.lit)).toHaveLength(4);
  });

  it.each<[Partial<ObservedNode>, Verdict, boolean | null, boolean]>([
    [{ state: 'crashed' }, 'dead', false, false],
    [{ state: 'crashed' }, 'alive', false, true],
    [{ state: 'paused' }, 'dead', true, true],
    [{ state: 'joined' }, 'alive', true, false],
    [{ state: null, watched: false, present: false }, 'alive', false, true],
    [{ state: null, watched: false, present: true }, 'dead', null, false],
  ])('BELIEF-3 sees from above who %j is: held for %s', (change, verdict, lives, mistaken) => {
    const nodes = room({ Otter: change });
    const { columns } = beliefTable(
      nodes,
      held(nodes, (_, of) => (of === 'Otter' ? verdict : undefined)),
    );
    expect(columns.find(({ name }) => name === 'Otter')).toMatchObject({ lives, mistaken });
  });
});

describe('what stands out, in a sentence', () => {
  const say = (
    nodes: readonly ObservedNode[],
    but: (by: string, of: string) => Verdict | null | undefined,
    silent: readonly string[] = [],
  ): string => beliefSummary(beliefTable(nodes, held(nodes, but, silent)));
  const of =
    (name: string, verdicts: Record<string, Verdict>, rest: Verdict = 'alive') =>
    (by: string, whom: string): Verdict | undefined =>
      whom === name ? (verdicts[by] ?? rest) : undefined;

  it('is calm where all agree, and where nobody has said anything', () => {
    expect(say(room(), () => undefined)).toBe('Everybody holds everybody for alive.');
    expect(say(crashed, () => undefined, ['Otter'])).toBe(
      'Everybody holds everybody for alive, though Otter no longer lives.',
    );
    expect(say(room(), () => null)).toBe('Nobody has said yet whom it believes to be there.');
  });

  it.each<[string, (by: string, of: string) => Verdict | undefined]>([
    ['Seven of eight hold Otter for dead; Heron still believes in it.', dies],
    ['All eight hold Otter for dead.', of('Otter', {}, 'dead')],
    ['Heron alone holds Otter for dead; seven still believe in it.', of('Otter', { Heron: 'dead' })], // prettier-ignore
    ['Heron alone suspects Otter; seven still believe in it.', of('Otter', { Heron: 'suspect' })],
    ['All eight suspect Otter.', of('Otter', {}, 'suspect')],
    [
      'Six of eight hold Otter for dead; Ibex suspects it; Heron still believes in it.',
      of('Otter', { Heron: 'alive', Ibex: 'suspect' }, 'dead'),
    ],
  ])('%s', (sentence, but) => {
    expect(say(crashed, but, ['Otter'])).toBe(sentence);
  });

  it('counts nodes of which the same is held together, and says when most are mistaken', () => {
    const left = ['Crow', 'Heron', 'Ibex'];
    const split = (by: string, whom: string): Verdict | undefined =>
      left.includes(by) === left.includes(whom) ? undefined : 'dead';
    expect(say(room(), split)).toBe(
      'Six of eight hold Crow, Heron and Ibex for dead, though they live; two still believe in them. ' +
        'Three of eight hold Lynx, Mole and 4 more for dead; five still believe in them.',
    );
  });

  it('names two cases, those that matter most first, and counts the rest', () => {
    const doubts: Record<string, string[]> = {
      Crow: ['Heron'],
      Ibex: ['Heron', 'Lynx'],
      Tern: ['Heron', 'Lynx', 'Mole'],
    };
    const but = (by: string, whom: string): Verdict | undefined =>
      whom === 'Otter' ? 'dead' : doubts[whom]?.includes(by) ? 'suspect' : undefined;
    expect(say(crashed, but, ['Otter'])).toBe(
      'Three of seven suspect Tern; four still believe in it. ' +
        'Two of seven suspect Ibex; five still believe in it. Two more are in doubt or held for dead.',
    );
  });

  it('says of one cell and of a column what they mean', () => {
    expect(cellWords('Heron', 'Otter', 'suspect')).toBe('Heron suspects Otter');
    expect(cellWords('Heron', 'Otter', 'dead')).toBe('Heron holds Otter for dead');
    expect(cellWords('Heron', 'Otter', null)).toBe('Heron has said nothing of Otter');
    const { columns } = beliefTable(room(), held(room(), dies));
    expect(majorityWords(columns[6]!)).toBe('Otter: dead (1 alive, 0 suspected, 7 dead); but it lives'); // prettier-ignore
    expect(majorityWords(columns[0]!)).toBe('Crow: alive (8 alive, 0 suspected, 0 dead)');
  });
});
