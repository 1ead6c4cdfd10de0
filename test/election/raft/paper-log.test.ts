import { describe, expect, test } from 'vitest';
import type { Said } from '../../../src/election/raft/messages.ts';
import { DEFAULT_OPTIONS } from '../../../src/election/raft/options.ts';
import { command, configOf, entriesOf, noop, RaftBench } from '../../support/raft-bench.ts';
import { RaftNet } from '../../support/raft-net.ts';

const append = (change: Partial<Extract<Said, { type: 'append' }>>): Said => ({
  ...{ type: 'append', term: 1, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1 },
  ...change,
});

describe('a leader', () => {
  test('RAFT-8 puts a command into its log, on its disk, and sends it with the place before it', () => {
    const bench = new RaftBench();
    bench.settle();
    const { lastIndex, term } = bench.state;
    bench.propose('x');
    expect(bench.state).toMatchObject({ lastIndex: lastIndex + 1, commit: lastIndex });
    expect(bench.entries.at(-1)).toEqual(command(term, 'x'));
    const said = {
      ...{ type: 'append', term, prevIndex: lastIndex, prevTerm: term, commit: lastIndex },
      entries: [command(term, 'x')],
    };
    expect(bench.take()).toMatchObject([
      { to: 1, ...said },
      { to: 2, ...said },
    ]);
  });

  test('RAFT-8 with one message under way to each sends no other before that one is answered', () => {
    const bench = new RaftBench({ options: { maxEntries: 1, maxInFlight: 1 } });
    bench.settle();
    bench.pass(DEFAULT_OPTIONS.heartbeatMs);
    const beats = bench.take('append');
    for (const name of ['a', 'b']) bench.propose(name);
    bench.pass(0);
    const { term } = bench.state;
    const first = bench.take('append');
    expect(first.map(({ entries }) => entries)).toEqual([
      [command(term, 'a')],
      [command(term, 'a')],
    ]);
    const answer = ({ to, prevIndex, entries, round }: (typeof first)[number]) =>
      bench.hears(to, { type: 'appended', term, match: prevIndex + entries.length, round });
    beats.forEach(answer);
    expect(bench.take('append')).toEqual([]);
    answer(first[0]!);
    expect(bench.take('append')).toMatchObject([{ to: first[0]!.to, entries: [{ command: 'b' }] }]);
  });

  test('RAFT-10 executes what a majority has, and tells the others how far that is', () => {
    const bench = new RaftBench();
    bench.settle();
    const index = bench.state.lastIndex + 1;
    const end = bench.propose('x');
    bench.acknowledge();
    expect(end.result).toEqual({ ok: true, answer: 1, index });
    expect(bench.machine.told).toEqual(['x']);
    bench.pass(0);
    expect(bench.take()).toMatchObject([
      { to: 1, type: 'append', commit: index },
      { to: 2, type: 'append', commit: index },
    ]);
  });

  test.each([
    [1, [], true],
    [2, [], false],
    [2, [1], true],
    [3, [], false],
    [3, [1], true],
    [3, [1, 2], true],
    [4, [1], false],
    [4, [1, 2], true],
    [5, [], false],
    [5, [1], false],
    [5, [1, 2], true],
    [5, [1, 2, 3], true],
    [5, [1, 2, 3, 4], true],
  ])('RAFT-10 of %i voters %j have the entry: committed %j', (voters, who, isCommitted) => {
    const bench = new RaftBench({ voters });
    bench.settle();
    const before = bench.state.commit;
    bench.propose('x');
    bench.acknowledge(who);
    expect(bench.state.commit - before).toBe(isCommitted ? 1 : 0);
  });

  test('RAFT-10 counts itself only once its own disk has the entry', () => {
    const bench = new RaftBench();
    bench.settle();
    const { lastIndex, term, commit } = bench.state;
    bench.disk.hangs = true;
    const end = bench.propose('x');
    const has = { type: 'appended', term, match: lastIndex + 1, round: 1 } as const;
    bench.hears(1, has);
    expect(bench.state.commit).toBe(commit);
    expect(end.result).toBe('none yet');
    bench.disk.goOn();
    expect(bench.state.commit).toBe(commit + 1);
    expect(end.result).toMatchObject({ ok: true });
  });

  test.each([[[]], [[2]], [[1, 2]], [[1]]])(
    'RAFT-10 commits all that stands before an entry of its own: a log of terms %j',
    (log) => {
      const bench = new RaftBench({ term: 2, log });
      bench.lead();
      bench.propose('mine');
      expect(bench.machine.told).toEqual([]);
      bench.acknowledge([1]);
      bench.acknowledge([1]);
      const inherited = log.map((term, offset) => `${offset + 1}.${term}`);
      expect(bench.machine.told).toEqual([...inherited, 'mine']);
      expect(bench.state).toMatchObject({ commit: log.length + 2, applied: log.length + 2 });
    },
  );

  test.each([
    [1, 0],
    [2, 0],
    [3, 3],
  ])('RAFT-10 commits no earlier term by counting: a majority has up to %i', (match, commit) => {
    const bench = new RaftBench({ voters: 2, term: 2, log: [1, 2] });
    bench.lead();
    expect(bench.terms).toEqual([1, 2, 3]);
    bench.hears(1, { type: 'appended', term: 3, match, round: 1 });
    expect(bench.state.commit).toBe(commit);
  });
});

describe('a follower', () => {
  test.each([
    [['a'], 1],
    [['a', 'b'], 2],
    [['b', 'a'], 2],
    [['a', 'b'], 1],
    [['a', 'b'], 0],
    [['a', 'b'], 7],
  ])(
    'RAFT-11 that gets %j and hears that up to %i is committed executes so much',
    (names, commit) => {
      const bench = new RaftBench();
      bench.hears(1, append({ entries: names.map((name) => command(1, name)), commit }));
      const known = Math.min(commit, names.length);
      expect(bench.machine.told).toEqual(names.slice(0, known));
      expect(bench.state).toMatchObject({ commit: known, applied: known });
    },
  );

  test('RAFT-11 executes only what it knows to have from its leader, however much is committed', () => {
    const bench = new RaftBench({ term: 2, log: [1, 1, 1] });
    bench.hears(1, append({ term: 2, prevIndex: 1, prevTerm: 1, commit: 3 }));
    expect(bench.state.commit).toBe(1);
    expect(bench.machine.told).toEqual(['1.1']);
  });

  test('RAFT-11 executes nothing twice, and nothing of it is taken back by less', () => {
    const bench = new RaftBench();
    const entries = entriesOf([1, 1]);
    for (const commit of [2, 1, 2, 0]) bench.hears(1, append({ entries, commit }));
    expect(bench.state.commit).toBe(2);
    expect(bench.machine.told).toEqual(['1.1', '2.1']);
  });

  test.each([
    [0, 0, 0],
    [1, 1, 1],
    [2, 2, 2],
  ])(
    'RAFT-8 that has term %i at %i says that the logs are the same up to %i',
    (prevTerm, prevIndex, match) => {
      const bench = new RaftBench({ term: 2, log: [1, 2] });
      bench.hears(1, append({ term: 2, prevIndex, prevTerm, round: 5 }));
      expect(bench.take()).toEqual([{ to: 1, type: 'appended', term: 2, match, round: 5 }]);
    },
  );

  test.each([
    // Something else is there, or nothing.
    [1, 2, 1, 1],
    [3, 3, 2, 2],
    [3, 9, 2, 2],
    [1, 9, 1, 1],
  ])(
    'RAFT-8 that has no term %i at %i takes nothing, and says that they may agree at %i',
    (prevTerm, prevIndex, hintIndex, hintTerm) => {
      const bench = new RaftBench({ term: 3, log: [1, 2] });
      const entries = entriesOf([3], prevIndex + 1);
      bench.hears(1, append({ term: 3, prevIndex, prevTerm, entries, commit: 9 }));
      expect(bench.take()).toEqual([
        { to: 1, type: 'mismatch', term: 3, prevIndex, hintIndex, hintTerm, round: 1 },
      ]);
      expect(bench.terms).toEqual([1, 2]);
      expect(bench.state.commit).toBe(0);
    },
  );

  test.each([
    [2, 2, [3], [1, 2, 3]],
    [1, 1, [3, 4], [1, 3, 4]],
    [0, 0, [1], [1, 2]],
    [0, 0, [3], [3]],
    [0, 0, [1, 2], [1, 2]],
    [0, 0, [1, 2, 2], [1, 2, 2]],
    [1, 1, [], [1, 2]],
  ])(
    'RAFT-9 with terms 1, 2 that after %i of term %i gets %j has %j',
    (prevIndex, prevTerm, terms, result) => {
      const bench = new RaftBench({ term: 4, log: [1, 2] });
      const entries = entriesOf(terms, prevIndex + 1);
      bench.hears(1, append({ term: 4, prevIndex, prevTerm, entries }));
      expect(bench.terms).toEqual(result);
      const match = prevIndex + terms.length;
      expect(bench.take()).toEqual([{ to: 1, type: 'appended', term: 4, match, round: 1 }]);
    },
  );

  // The paper's figure 7, and one whole term that only the follower has.
  const LEADER = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
  test.each([
    [[1, 1, 1, 4, 4, 5, 5, 6, 6]],
    [[1, 1, 1, 4]],
    [[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
    [[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
    [[1, 1, 1, 4, 4, 4, 4]],
    [[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
    [[]],
  ])('RAFT-8 with terms %j ends with what its leader has', (log) => {
    const net = new RaftNet([
      { voters: 3, term: 8, log: LEADER },
      { voters: 3, term: 7, log },
      { voters: 3, term: 8 },
    ]);
    net.elect(0);
    net.bench(0).propose('x');
    net.run(200);
    const [leader, follower] = [net.bench(0), net.bench(1)];
    expect(leader.terms).toEqual([...LEADER, 9, 9]);
    expect(follower.entries).toEqual(leader.entries);
    expect(follower.machine.told).toEqual(leader.machine.told);
    expect(leader.machine.told).toHaveLength(LEADER.length + 1);
    expect(leader.entries[LEADER.length]).toEqual(noop(9));
    expect(leader.state.config).toEqual(configOf([0, 1, 2]));
  });
});
