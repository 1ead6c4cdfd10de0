import { describe, expect, test } from 'vitest';
import { MAX_MEMBERS, type Config } from '../../../src/election/raft/config.ts';
import type { MemberId } from '../../../src/election/raft/member.ts';
import { nextConfig, wantedVoters, type Facts } from '../../../src/election/raft/next-config.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { configOf, member } from '../../support/raft-bench.ts';

/** A member by its node, or by its node and its birth. */
type Name = number | readonly [number, number];

interface Case {
  readonly voters: readonly Name[];
  readonly learners?: readonly Name[];
  readonly chosen?: readonly number[];
  readonly newcomers?: readonly Name[];
  /** They do not answer now; left out: everybody does. */
  readonly silent?: readonly Name[];
  /** Nor for longer than one waits. */
  readonly gone?: readonly Name[];
  readonly lagging?: readonly Name[];
  /** The voters and the learners of the next one; null: it stays. */
  readonly next: readonly [readonly Name[], readonly Name[]] | null;
}

const named = (name: Name): MemberId => (typeof name === 'number' ? member(name) : member(...name));

/** As node 0 sees it. */
function factsOf({ chosen, newcomers = [], silent = [], gone = [], lagging = [] }: Case): Facts {
  const isIn = (names: readonly Name[]) => (id: MemberId) => names.map(named).includes(id);
  return {
    me: member(0),
    chosen: chosen?.map(testNodeId) ?? null,
    newcomers: newcomers.map(named),
    isThere: (id) => id !== member(0) && !isIn([...silent, ...gone])(id),
    isGone: isIn(gone),
    isCaughtUp: (id) => !isIn(lagging)(id),
  };
}

const toConfig = (voters: readonly Name[], learners: readonly Name[] = []): Config => ({
  voters: voters.map(named),
  learners: learners.map(named),
});

const FIVE = [0, 1, 2, 3, 4];

const CASES: Record<string, Case> = {
  'RAFT-13 nothing to do': { voters: [0, 1, 2], next: null },
  'RAFT-14 newcomers learn, all at once': {
    voters: [0],
    newcomers: [1, 2],
    next: [[0], [1, 2]],
  },
  'RAFT-14 one that is known is no newcomer': {
    voters: FIVE,
    learners: [5],
    newcomers: [1, 5],
    next: null,
  },
  'RAFT-14 a newcomer comes before any other change': {
    voters: [0],
    learners: [1],
    newcomers: [2],
    next: [[0], [1, 2]],
  },
  'RAFT-13 of two learners one becomes a voter': {
    voters: [0],
    learners: [1, 2],
    next: [[0, 1], [2]],
  },
  'RAFT-14 not before it has caught up': {
    voters: [0],
    learners: [1],
    lagging: [1],
    next: null,
  },
  'RAFT-14 one that lags keeps nobody else waiting': {
    voters: [0],
    learners: [1, 2],
    lagging: [1],
    next: [[0, 2], [1]],
  },
  'RAFT-14 one that is not there decides nothing': {
    voters: [0],
    learners: [1],
    silent: [1],
    next: null,
  },
  'RAFT-14 a sixth learns': { voters: FIVE, learners: [5], next: null },
  'RAFT-13 no change that the voters who are there could not commit': {
    voters: [0, 1, 2],
    learners: [3],
    silent: [1, 2],
    next: null,
  },
  'RAFT-13 two of four that would be three of five': {
    voters: [0, 1, 2, 3],
    learners: [4],
    silent: [2, 3],
    next: [[0, 1, 2, 3, 4], []],
  },
  'RAFT-16 a voter that is gone, and one who is there: first the one comes': {
    voters: FIVE,
    learners: [5],
    gone: [4],
    next: [[...FIVE, 5], []],
  },
  'RAFT-16 and then the other goes': {
    voters: [...FIVE, 5],
    gone: [4],
    next: [[0, 1, 2, 3, 5], [4]],
  },
  'RAFT-16 and is forgotten': {
    voters: [0, 1, 2, 3, 5],
    learners: [4],
    gone: [4],
    next: [[0, 1, 2, 3, 5], []],
  },
  'RAFT-16 a voter that is silent keeps its place for a time': {
    voters: FIVE,
    learners: [5],
    silent: [4],
    next: null,
  },
  'RAFT-16 and for ever where nobody could take it': { voters: [0, 1, 2], gone: [2], next: null },
  'RAFT-16 nor can one who is silent too': {
    voters: FIVE,
    learners: [5],
    gone: [4],
    silent: [5],
    next: null,
  },
  'RAFT-16 it waits for one who lags': {
    voters: FIVE,
    learners: [5],
    gone: [4],
    lagging: [5],
    next: null,
  },
  'RAFT-16 a learner that is gone is forgotten': {
    voters: [0, 1, 2],
    learners: [3, 4],
    gone: [3, 4],
    next: [[0, 1, 2], []],
  },
  'RAFT-16 the old self of a wiped node makes room for the new one': {
    voters: [0, 1, [2, 1]],
    learners: [[2, 2]],
    silent: [[2, 1]],
    next: [[0, 1, [2, 1], [2, 2]], []],
  },
  'RAFT-16 and goes': {
    voters: [0, 1, [2, 1], [2, 2]],
    silent: [[2, 1]],
    next: [[0, 1, [2, 2]], [[2, 1]]],
  },
  'RAFT-16 by number, not by letter: the tenth life is younger than the ninth': {
    voters: [0, 1, [2, 10]],
    learners: [[2, 9]],
    next: [[0, 1, [2, 10]], []],
  },
  'RAFT-14 whom a teacher chooses comes first': {
    voters: [0, 1, 2],
    learners: [3],
    chosen: [0, 3],
    next: [[0, 1, 2, 3], []],
  },
  'RAFT-14 then others go, one at a time': {
    voters: [0, 1, 2, 3],
    chosen: [0, 3],
    next: [[0, 2, 3], [1]],
  },
  'RAFT-14 whoever is chosen and not there keeps no other in its place': {
    voters: [0, 1, 2],
    learners: [3],
    chosen: [0, 1, 3],
    silent: [3],
    next: [
      [0, 1],
      [3, 2],
    ],
  },
  'RAFT-14 a teacher may choose more than five': {
    voters: FIVE,
    learners: [5],
    chosen: [...FIVE, 5],
    next: [[...FIVE, 5], []],
  },
  'RAFT-16 who was chosen keeps its place, however silent': {
    voters: FIVE,
    learners: [5],
    chosen: FIVE,
    gone: [4],
    next: null,
  },
  'RAFT-14 where nobody is known who was chosen all stays': {
    voters: [0, 1, 2],
    chosen: [8, 9],
    next: null,
  },
  'RAFT-14 nobody goes before one who was chosen decides': {
    voters: [0, 1, 2],
    learners: [3],
    chosen: [3],
    silent: [3],
    next: null,
  },
  'RAFT-15 a leader does not take itself out': {
    voters: [0, 1],
    chosen: [1],
    next: null,
  },
};

test.each(Object.entries(CASES))('%s', (_, one) => {
  const { voters, learners, next } = one;
  const config = toConfig(voters, learners);
  expect(nextConfig(config, factsOf(one))).toEqual(next && toConfig(...next));
});

describe('whatever is known', () => {
  test('RAFT-13 at most one voter differs, nobody is there twice, and it comes to an end', () => {
    const few = (bits: number, most: number) =>
      [...Array(most).keys()].map((i) => i + 1).filter((i) => (bits >> i) % 2 === 1);
    for (let seed = 0; seed < 400; seed++) {
      const mixed = Math.imul(seed + 1, 2_654_435_761) >>> 0;
      const one: Case = {
        ...{ voters: [0, ...few(mixed >>> 3, 6)], learners: [7, 8], newcomers: [9], next: null },
        ...{ gone: seed % 3 === 0 ? [] : few(mixed >>> 9, 8) },
        ...(seed % 2 === 0 && { chosen: few(mixed >>> 17, 9) }),
      };
      expect(stepsToRest(toConfig(one.voters, one.learners), factsOf(one))).toBeLessThan(20);
    }
  });

  test('RAFT-14 there is room for so many members', () => {
    const learners = [...Array(MAX_MEMBERS - 2).keys()].map((index) => index + 1);
    const config = configOf([0], learners);
    const facts = factsOf({ voters: [], newcomers: [200, 201], lagging: learners, next: null });
    expect(nextConfig(config, facts)!.learners.at(-1)).toBe(member(200));
    const full = configOf([0], [...learners, 200]);
    const lagging = [...learners, 200];
    expect(
      nextConfig(full, factsOf({ voters: [], newcomers: [201], lagging, next: null })),
    ).toBeNull();
  });

  test('RAFT-14 those who decide come first, then who came first', () => {
    const facts = factsOf({ voters: [], next: null });
    expect(wantedVoters(configOf([0, 3], [1, 2, 5, 4]), facts)).toEqual([0, 3, 1, 2, 5].map((index) => member(index))); // prettier-ignore
  });
});

/** How many changes come one after another until there is none. */
function stepsToRest(config: Config, facts: Facts): number {
  const next = nextConfig(config, facts);
  if (next === null) return 0;
  const differ = [
    ...next.voters.filter((id) => !config.voters.includes(id)),
    ...config.voters.filter((id) => !next.voters.includes(id)),
  ];
  expect(differ.length).toBeLessThanOrEqual(1);
  const all = [...next.voters, ...next.learners];
  expect(new Set(all).size).toBe(all.length);
  expect(next.voters).toContain(member(0));
  return 1 + stepsToRest(next, facts);
}
