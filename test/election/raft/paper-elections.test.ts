import { describe, expect, test } from 'vitest';
import type { Said } from '../../../src/election/raft/messages.ts';
import { DEFAULT_OPTIONS } from '../../../src/election/raft/options.ts';
import { Random } from '../../../src/simulator/random.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { command, member, noop, RaftBench, type BenchOptions } from '../../support/raft-bench.ts';

const ROLES = ['follower', 'candidate', 'leader'] as const;

/** A member of three in this role, in a term from 1 to 3, that has nothing left to say. */
function benchAs(role: (typeof ROLES)[number], options: BenchOptions = {}): RaftBench {
  const bench = new RaftBench({ term: 1, ...options });
  if (role === 'candidate') bench.stand();
  if (role === 'leader') bench.settle();
  expect(bench.state.role).toBe(role);
  bench.take();
  return bench;
}

const heartbeat = (term: number): Said => {
  return { type: 'append', term, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1 };
};

describe('terms', () => {
  test.each(ROLES)('RAFT-1 a higher term makes a %s a follower of that term', (role) => {
    const bench = benchAs(role);
    bench.hears(1, heartbeat(7));
    expect(bench.state).toMatchObject({ role: 'follower', term: 7, leader: testNodeId(1) });
    expect(bench.take()).toMatchObject([{ to: 1, type: 'appended', term: 7 }]);
  });

  test.each(ROLES)('RAFT-2 to a %s a message of an older term changes nothing', (role) => {
    const bench = benchAs(role, { term: 5, log: [1] });
    const [before, { terms }] = [bench.state, bench];
    const { term } = before;
    const old = { ...heartbeat(term - 1), entries: [command(4, 'old')], commit: 1 };
    bench.hears(1, old);
    expect(bench.state).toEqual(before);
    expect(bench.terms).toEqual(terms);
    expect(bench.take()).toEqual([{ to: 1, type: 'appended', term, match: 0, round: 0 }]);
  });

  test('RAFT-1 everybody begins as a follower, with what is on the disk', () => {
    const bench = new RaftBench({ term: 3, vote: 2, log: [1, 3] });
    expect(bench.state).toMatchObject({
      ...{ role: 'follower', leader: null, term: 3, vote: member(2) },
      ...{ commit: 0, lastIndex: 2 },
    });
    expect(bench.take()).toEqual([]);
  });
});

describe('beats', () => {
  test('RAFT-4 a leader says to all others so often that it is there, with no entries', () => {
    const bench = benchAs('leader');
    const { term, commit, lastIndex } = bench.state;
    for (let beat = 0; beat < 3; beat++) {
      bench.pass(DEFAULT_OPTIONS.heartbeatMs - 1);
      expect(bench.take()).toEqual([]);
      bench.pass(1);
      const heard = { type: 'append', term, prevIndex: lastIndex, entries: [], commit };
      expect(bench.take()).toMatchObject([
        { to: 1, ...heard },
        { to: 2, ...heard },
      ]);
    }
  });
});

describe('standing for election', () => {
  const WITHOUT_ASKING = { options: { preVote: false } };

  test('RAFT-4 a follower that hears nothing stands in the next term, with its own vote', () => {
    const bench = benchAs('follower', WITHOUT_ASKING);
    bench.losePatience();
    expect(bench.state).toMatchObject({
      ...{ role: 'candidate', term: 2, vote: member(0), leader: null },
      votes: [{ member: member(0), granted: true }],
    });
    expect(bench.take().map(({ to, type, term }) => ({ to, type, term }))).toEqual([
      { to: 1, type: 'ask-vote', term: 2 },
      { to: 2, type: 'ask-vote', term: 2 },
    ]);
  });

  test('RAFT-4 an election without a winner ends by the next one, in the term after', () => {
    const bench = benchAs('follower', WITHOUT_ASKING);
    bench.losePatience();
    bench.take();
    bench.losePatience();
    expect(bench.state).toMatchObject({
      ...{ role: 'candidate', term: 3, vote: member(0) },
      votes: [{ member: member(0), granted: true }],
    });
    expect(bench.take()).toMatchObject([{ to: 1, term: 3 }, { to: 2, term: 3 }]); // prettier-ignore
  });

  test.each([
    // A majority wins,
    [1, [], [], 'leader'],
    [3, [1, 2], [], 'leader'],
    [3, [1], [], 'leader'],
    [5, [1, 2, 3, 4], [], 'leader'],
    [5, [1, 2, 3], [], 'leader'],
    [5, [1, 2], [], 'leader'],
    [5, [1, 2], [3, 4], 'leader'],
    // a majority against it has decided too,
    [3, [], [1, 2], 'follower'],
    [5, [], [1, 2, 3, 4], 'follower'],
    [5, [1], [2, 3, 4], 'follower'],
    // and with less nothing is known.
    [3, [], [], 'candidate'],
    [4, [1], [2], 'candidate'],
    [5, [1], [], 'candidate'],
    [5, [], [1, 2], 'candidate'],
    [5, [], [], 'candidate'],
  ] as const)(
    'RAFT-4 of %i voters %j are for it and %j against it: %s',
    (voters, yes, no, role) => {
      const bench = new RaftBench({ voters });
      bench.stand();
      for (const granted of [true, false])
        for (const from of granted ? yes : no)
          bench.hears(from, { type: 'vote', term: 1, isPre: false, granted });
      expect(bench.state).toMatchObject({ role, term: 1 });
    },
  );

  test('RAFT-4 a vote that arrives twice counts once', () => {
    const bench = new RaftBench({ voters: 5 });
    bench.stand();
    for (let i = 0; i < 3; i++)
      bench.hears(1, { type: 'vote', term: 1, isPre: false, granted: true });
    expect(bench.state.role).toBe('candidate');
  });

  test.each([1, 2])('RAFT-1 a candidate of term 1 follows a leader of term %i', (term) => {
    const bench = new RaftBench();
    bench.stand();
    expect(bench.state).toMatchObject({ role: 'candidate', term: 1 });
    bench.hears(2, heartbeat(term));
    expect(bench.state).toMatchObject({ role: 'follower', leader: testNodeId(2), term });
    expect(bench.state.votes).toBeNull();
  });
});

describe('votes', () => {
  test.each([
    [null, 1, true],
    [null, 2, true],
    [1, 1, true],
    [2, 2, true],
    [1, 2, false],
    [2, 1, false],
    [0, 1, false],
  ])('RAFT-3 who voted for %j in this term and is asked by %i says %j', (vote, from, granted) => {
    const bench = new RaftBench({ term: 4, vote });
    bench.hears(from, { ...asked(4), lastIndex: 0, lastTerm: 0 });
    expect(bench.take()).toEqual([{ to: from, type: 'vote', term: 4, isPre: false, granted }]);
    expect(bench.state.vote).toBe(member(granted ? from : vote!));
  });

  test.each([
    [[1], 2],
    [[1, 2], 3],
  ])('RAFT-5 a candidate with a log of terms %j tells all where it ends', (log, term) => {
    const bench = new RaftBench({ term: term - 1, log });
    bench.stand();
    const [lastIndex, lastTerm] = [log.length, log.at(-1)!];
    const question = { type: 'ask-vote', term, lastIndex, lastTerm, isPre: false, isHandover: false }; // prettier-ignore
    expect(bench.take()).toEqual([
      { to: 1, ...question },
      { to: 2, ...question },
    ]);
  });

  test.each([
    [[1], 1, 1, true],
    [[1], 1, 2, true],
    [[1, 1], 1, 1, false],
    [[1], 2, 1, true],
    [[1], 2, 2, true],
    [[1, 1], 2, 1, true],
    [[2], 1, 1, false],
    [[2], 1, 2, false],
    [[2, 2], 1, 1, false],
  ])(
    'RAFT-5 a log of terms %j and a candidate whose log ends in term %i at %i: %j',
    (log, lastTerm, lastIndex, granted) => {
      for (const isPre of [false, true]) {
        const bench = new RaftBench({ term: 2, log });
        bench.hears(1, { ...asked(3), isPre, lastIndex, lastTerm });
        const term = granted || !isPre ? 3 : 2;
        expect(bench.take()).toEqual([{ to: 1, type: 'vote', term, isPre, granted }]);
      }
    },
  );
});

describe('how long one waits', () => {
  const STEP_MS = 50;
  const { minTimeoutMs, maxTimeoutMs } = DEFAULT_OPTIONS;
  const waiting = (bench: RaftBench, role: 'follower' | 'candidate') => {
    if (role === 'follower') bench.hears(1, heartbeat(bench.state.term + 1));
    else bench.losePatience();
    const { startedAt, endsAt } = bench.raft.timer()!;
    expect(startedAt).toBe(bench.time.now());
    return endsAt - startedAt;
  };

  test.each(['follower', 'candidate'] as const)(
    'RAFT-4 a %s draws its wait anew each time, anywhere between the least and the longest',
    (role) => {
      const random = new Random('waits').next;
      const bench = new RaftBench({ random, options: { preVote: false } });
      const waits = Array.from({ length: 300 }, () => waiting(bench, role));
      const seen = new Set(waits.map((wait) => Math.floor((wait - minTimeoutMs) / STEP_MS)));
      const steps = (maxTimeoutMs - minTimeoutMs) / STEP_MS;
      expect([...seen].sort((a, b) => a - b)).toEqual([...Array(steps).keys()]);
    },
  );

  test.each(['follower', 'candidate'] as const)(
    'RAFT-4 of five %ss seldom two run out of patience within a round trip',
    (role) => {
      const ROUND_TRIP_MS = 20;
      const ROUNDS = 300;
      const benches = [0, 1, 2, 3, 4].map(
        (index) =>
          new RaftBench({
            ...{ index: index + 10, voters: [index + 10, 1, 2, 3, 4], options: { preVote: false } },
            random: new Random(`patience of ${index}`).next,
          }),
      );
      let conflicts = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const [first, second] = benches.map((bench) => waiting(bench, role)).sort((a, b) => a - b);
        if (second! - first! < ROUND_TRIP_MS) conflicts += 1;
      }
      // Of five drawn from 500 ms the chance is 1 - (1 - 20/500)^4 ^ (5/4), below a fifth.
      expect(conflicts / ROUNDS).toBeLessThan(0.3);
      expect(conflicts).toBeGreaterThan(0);
    },
  );
});

test('RAFT-10 a new leader begins with an empty entry of its own term', () => {
  const bench = new RaftBench({ term: 4, log: [1, 4] });
  bench.lead();
  expect(bench.entries.at(-1)).toEqual(noop(5));
  expect(bench.take('append')).toMatchObject([
    { to: 1, term: 5, prevIndex: 2, prevTerm: 4, entries: [noop(5)] },
    { to: 2, term: 5, prevIndex: 2, prevTerm: 4, entries: [noop(5)] },
  ]);
});

function asked(term: number) {
  return { type: 'ask-vote', term, isPre: false, isHandover: false } as const;
}
