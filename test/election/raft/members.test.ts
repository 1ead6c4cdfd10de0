import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, REPLACE_AFTER_MS } from '../../../src/election/raft/options.ts';
import type { Said } from '../../../src/election/raft/messages.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { configEntry, configOf, member, RaftBench, type BenchOptions } from '../../support/raft-bench.ts'; // prettier-ignore

const BEAT_MS = 100;

/** Beats pass, and these answer all that they hear. */
function live(bench: RaftBench, durationMs: number, who: readonly number[]): void {
  for (let passed = 0; passed < durationMs; passed += BEAT_MS) {
    bench.pass(BEAT_MS);
    bench.acknowledge(who);
    bench.pass(0);
    bench.acknowledge(who);
  }
  bench.take();
}

function leading(options: BenchOptions): RaftBench {
  const bench = new RaftBench(options);
  bench.settle();
  return bench;
}

const joins = (bench: RaftBench, index: number, birth = 1) =>
  bench.receives(index, { type: 'join', from: birth });

describe('founding', () => {
  test('RAFT-14 a group begins with its founder as the only voter, which leads at once', () => {
    const bench = new RaftBench({ founds: true, voters: [] });
    bench.pass(0);
    expect(bench.state).toMatchObject({ role: 'leader', config: configOf([0]) });
    expect(bench.propose('x').result).toMatchObject({ ok: true });
  });

  test('RAFT-14 who founds nothing learns, and tells its neighbours that it is there', () => {
    const bench = new RaftBench({ voters: [1] });
    expect(bench.state.role).toBe('learner');
    bench.pass(3_000);
    expect(bench.joins).toBe(3);
    bench.joins = 0;
    for (let round = 1; round < 8; round++) {
      bench.hears(1, { type: 'append', term: 1, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round }); // prettier-ignore
      bench.pass(400);
    }
    expect(bench.joins).toBe(0);
    expect(bench.raft.timer()).toBeNull();
  });

  test('RAFT-17 a new group begins with what its founder brings, and gives it to others', () => {
    const bench = new RaftBench({ founds: true, voters: [], legacy: { state: ['old', 'older'] } });
    bench.pass(0);
    expect(bench.machine.told).toEqual(['old', 'older']);
    expect(bench.state).toMatchObject({ role: 'leader', config: configOf([0]), baseIndex: 1 });
    joins(bench, 1);
    bench.pass(0);
    const probe = bench.take('append').at(-1)!;
    bench.hears(1, {
      ...{ type: 'mismatch', term: probe.term, prevIndex: probe.prevIndex },
      ...{ hintIndex: 0, hintTerm: 0, round: probe.round },
    });
    expect(bench.take('install')).toMatchObject([
      { to: 1, snapshot: { index: 1, state: ['old', 'older'] } },
    ]);
  });

  test('RAFT-17 what a group leaves to the next is what it has executed', () => {
    const bench = leading({ voters: 3 });
    bench.propose('x');
    bench.acknowledge();
    bench.propose('not decided');
    expect(bench.raft.bequeath()).toEqual({ state: ['x'] });
  });

  test('RAFT-14 one that is stopped before it leads does nothing any more', () => {
    const bench = new RaftBench({ founds: true, voters: [] });
    bench.step(() => bench.raft.stop());
    bench.pass(5_000);
    expect(bench.state).toMatchObject({ role: 'follower', lastIndex: 1 });
    expect(bench.joins).toBe(0);
  });
});

describe('changes', () => {
  test('RAFT-14 a newcomer learns first, and becomes a voter once it has caught up', () => {
    const bench = leading({ voters: 1 });
    for (let i = 0; i < 40; i++) bench.propose(i);
    joins(bench, 1);
    bench.pass(0);
    expect(bench.state.config).toEqual(configOf([0], [1]));
    live(bench, 1_000, []);
    expect(bench.state.config).toEqual(configOf([0], [1]));
    const { term, lastIndex: match } = bench.state;
    bench.hears(1, { type: 'appended', term, match, round: 1 });
    bench.pass(0);
    live(bench, 1_000, [1]);
    expect(bench.state.config).toEqual(configOf([0, 1]));
  });

  test('RAFT-14 after a pause a leader makes nobody a voter that it has not heard since', () => {
    const bench = leading({ voters: 1, learners: [1] });
    bench.choose([testNodeId(0)]);
    live(bench, 1_000, [1]);
    bench.pass(BEAT_MS);
    const asked = bench.take('append').at(-1)!;
    bench.step(() => bench.raft.resumed());
    bench.choose([testNodeId(0), testNodeId(1)]);
    const { term, lastIndex: match } = bench.state;
    bench.hears(1, { type: 'appended', term, match, round: asked.round });
    expect(bench.state.config).toEqual(configOf([0], [1]));
    live(bench, BEAT_MS, [1]);
    expect(bench.state.config).toEqual(configOf([0, 1]));
  });

  test('RAFT-14 a learner neither decides nor stands, and is not asked for its vote', () => {
    const bench = leading({ voters: 3, learners: [3, 4] });
    const { commit } = bench.state;
    bench.propose('x');
    bench.acknowledge([3, 4]);
    expect(bench.state.commit).toBe(commit);
    const learner = new RaftBench({ index: 3, voters: 3, learners: [3] });
    learner.pass(10_000);
    expect(learner.state).toMatchObject({ role: 'learner', term: 0 });
    const candidate = new RaftBench({ voters: 3, learners: [3] });
    candidate.stand();
    expect(candidate.take('ask-vote').map(({ to }) => to)).toEqual([1, 2]);
    for (const isPre of [true, false])
      candidate.hears(3, { type: 'vote', term: 1, isPre, granted: true });
    expect(candidate.state.role).toBe('candidate');
  });

  test('RAFT-4 a learner that hears its leader no more names none after a timeout, until it hears one', () => {
    const learner = new RaftBench({ index: 3, voters: 3, learners: [3] });
    const { minTimeoutMs, maxTimeoutMs } = DEFAULT_OPTIONS;
    const beat = (round: number) =>
      learner.hears(1, { type: 'append', term: 1, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round }); // prettier-ignore
    for (let round = 1; round < 30; round++) {
      beat(round);
      learner.pass(BEAT_MS);
      expect(learner.raft.leader()).toBe(testNodeId(1));
    }
    learner.pass(minTimeoutMs - BEAT_MS - 1);
    expect(learner.raft.leader()).toBe(testNodeId(1));
    learner.pass(maxTimeoutMs - minTimeoutMs + 1);
    expect(learner.raft.standing()).toEqual({ role: 'learner', leader: null, term: 1 });
    expect(learner.raft.timer()).toBeNull();
    beat(30);
    expect(learner.raft.standing()).toEqual({ role: 'learner', leader: testNodeId(1), term: 1 });
  });

  test('RAFT-14 a learner that is asked votes: it may be a voter and not know it yet', () => {
    const learner = new RaftBench({ index: 3, voters: 3, learners: [3], term: 1 });
    learner.hears(1, { type: 'ask-vote', term: 2, lastIndex: 5, lastTerm: 1, isPre: false, isHandover: false }); // prettier-ignore
    expect(learner.take('vote')).toMatchObject([{ to: 1, granted: true, term: 2 }]);
    expect(learner.state).toMatchObject({ role: 'learner', vote: member(1) });
  });

  test('RAFT-13 a follower goes by the newest configuration in its log, and back when that is replaced', () => {
    const bench = new RaftBench({ index: 3, voters: 3, learners: [3] });
    const entry = configEntry(1, configOf([0, 1, 2, 3]));
    const append = { type: 'append', prevIndex: 0, prevTerm: 0, commit: 0, round: 1 } as const;
    bench.hears(0, { ...append, term: 1, entries: [entry] });
    expect(bench.state).toMatchObject({ role: 'follower', config: configOf([0, 1, 2, 3]) });
    expect(bench.raft.timer()).not.toBeNull();
    bench.hears(1, { ...append, term: 2, entries: [{ type: 'noop', term: 2 }] });
    expect(bench.state).toMatchObject({ role: 'learner', config: configOf([0, 1, 2], [3]) });
    expect(bench.raft.timer()).toBeNull();
  });

  test('RAFT-13 there is one change at a time, of one voter', () => {
    const bench = new RaftBench({ voters: 3, learners: [3, 4] });
    bench.lead();
    const seen: number[][] = [];
    for (let i = 0; i < 30; i++) {
      const { config, commit, lastIndex } = bench.state;
      const voters = config.voters.map((voter) => Number(voter.slice(1, 10)));
      if (String(voters) !== String(seen.at(-1))) seen.push(voters);
      const changes = bench.entries
        .slice(commit, lastIndex)
        .filter(({ type }) => type === 'config');
      expect(changes.length).toBeLessThanOrEqual(1);
      bench.pass(BEAT_MS);
      bench.acknowledge();
    }
    expect(seen).toEqual([[0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4]]); // prettier-ignore
  });

  test('RAFT-13 a leader changes nothing before an entry of its own term is committed', () => {
    const bench = new RaftBench({ voters: 3 });
    bench.lead();
    joins(bench, 3);
    bench.pass(0);
    expect(bench.entries.map(({ type }) => type)).toEqual(['noop']);
    bench.acknowledge([1]);
    bench.pass(0);
    expect(bench.entries.at(-1)).toEqual(configEntry(1, configOf([0, 1, 2], [3])));
  });

  test('RAFT-13 what a voter that is taken out kept back is committed without it', () => {
    const bench = leading({ voters: 2 });
    const end = bench.propose('x');
    expect(end.result).toBe('none yet');
    bench.choose([testNodeId(0)]);
    bench.pass(0);
    expect(bench.state.config).toEqual(configOf([0], [1]));
    expect(end.result).toMatchObject({ ok: true, answer: 1 });
    expect(bench.machine.told).toEqual(['x']);
  });

  test('RAFT-14 a sixth learns, until a teacher chooses it', () => {
    const bench = leading({ voters: 5, learners: [5] });
    live(bench, 2_000, [1, 2, 3, 4, 5]);
    expect(bench.state.config).toEqual(configOf([0, 1, 2, 3, 4], [5]));
    bench.choose([0, 4, 5].map(testNodeId));
    live(bench, 3_000, [1, 2, 3, 4, 5]);
    expect([...bench.state.config.voters].sort()).toEqual([0, 4, 5].map((index) => member(index)));
  });
});

describe('those who are gone', () => {
  test('RAFT-16 a node whose disk was wiped is another member: what is for the old one it does not take', () => {
    const bench = new RaftBench({ term: 1 });
    bench.restart(false);
    const ask = { type: 'ask-vote', term: 2, lastIndex: 9, lastTerm: 1, isPre: false, isHandover: false } as const; // prettier-ignore
    bench.hears(1, ask, { to: 1 });
    expect(bench.take()).toEqual([]);
    expect(bench.state).toMatchObject({ role: 'learner', term: 0 });
    bench.pass(1_000);
    expect(bench.joins).toBeGreaterThan(0);
  });

  test('RAFT-16 a vote of the new self does not count as one of the old', () => {
    const bench = new RaftBench({ voters: 3 });
    bench.stand();
    bench.hears(1, { type: 'vote', term: 1, isPre: false, granted: true }, { from: 2 });
    expect(bench.state.role).toBe('candidate');
  });

  test('RAFT-16 the old self is taken out, and the new one takes its place', () => {
    const bench = leading({ voters: 3 });
    joins(bench, 2, 2);
    bench.pass(0);
    const answers = () => {
      for (const { to, term, prevIndex, entries, round } of bench.take('append'))
        for (const from of [1, 2])
          if (to === from) bench.hears(to, { type: 'appended', term, match: prevIndex + entries.length, round }, { from }); // prettier-ignore
    };
    for (let i = 0; i < 20; i++) {
      answers();
      bench.pass(BEAT_MS);
    }
    expect(bench.state.config).toEqual({ voters: [member(0), member(1), member(2, 2)], learners: [] }); // prettier-ignore
  });

  test('RAFT-16 a voter that is silent for 30 s gives its place to somebody who is there', () => {
    const bench = leading({ voters: 5, learners: [5] });
    const there = [1, 2, 3, 5];
    live(bench, REPLACE_AFTER_MS - 1_000, there);
    expect(bench.state.config.voters).toContain(member(4));
    live(bench, 3_000, there);
    expect(bench.state.config).toEqual(configOf([0, 1, 2, 3, 5]));
  });

  test('RAFT-16 where nobody could take its place it keeps it', () => {
    const bench = leading({ voters: 3 });
    live(bench, 2 * REPLACE_AFTER_MS, [1]);
    expect(bench.state.config).toEqual(configOf([0, 1, 2]));
  });

  test('RAFT-16 nor does it lose its place to a learner that is silent itself', () => {
    const bench = leading({ voters: 5 });
    live(bench, REPLACE_AFTER_MS - 2_000, [1, 2, 3]);
    joins(bench, 5);
    // It never says another word.
    live(bench, 10_000, [1, 2, 3]);
    expect(bench.state.config).toEqual(configOf([0, 1, 2, 3, 4], [5]));
  });

  test('RAFT-16 a teacher who has chosen the voters keeps them, however silent', () => {
    const bench = leading({ voters: 3, learners: [3] });
    bench.choose([0, 1, 2].map(testNodeId));
    live(bench, REPLACE_AFTER_MS + 5_000, [1, 3]);
    expect(bench.state.config).toEqual(configOf([0, 1, 2], [3]));
  });

  test('RAFT-16 a learner that is silent for 30 s is forgotten, and stays when it comes back', () => {
    const bench = leading({ voters: 5, learners: [5] });
    const voters = [1, 2, 3, 4];
    live(bench, REPLACE_AFTER_MS + 2_000, voters);
    expect(bench.state.config).toEqual(configOf([0, 1, 2, 3, 4]));
    joins(bench, 5);
    bench.pass(0);
    bench.acknowledge(voters);
    bench.pass(0);
    expect(bench.state.config).toEqual(configOf([0, 1, 2, 3, 4], [5]));
    bench.acknowledge(voters);
    bench.pass(0);
    bench.acknowledge(voters);
    expect(bench.state.config).toEqual(configOf([0, 1, 2, 3, 4], [5]));
  });
});

describe('handing over', () => {
  const handOver = (bench: RaftBench, to: number) =>
    bench.step(() => bench.raft.handOver(testNodeId(to)));

  test('RAFT-15 who has everything is asked at once to take over', () => {
    const bench = leading({ voters: 3 });
    handOver(bench, 2);
    expect(bench.take()).toEqual([{ to: 2, type: 'take-over', term: 1 }]);
  });

  test('RAFT-15 who lacks something gets it first', () => {
    const bench = leading({ voters: 3 });
    bench.propose('x');
    handOver(bench, 2);
    expect(bench.take('append', 'take-over').map(({ type }) => type)).not.toContain('take-over');
    const { term, lastIndex: match } = bench.state;
    bench.hears(2, { type: 'appended', term, match, round: 1 });
    expect(bench.take('take-over')).toEqual([{ to: 2, type: 'take-over', term }]);
  });

  test('RAFT-15 meanwhile it takes no commands; after a least timeout without success it goes on', () => {
    const bench = leading({ voters: 3 });
    bench.pass(450);
    bench.acknowledge();
    handOver(bench, 2);
    expect(bench.propose('x').result).toEqual({ ok: false, reason: 'not-leader' });
    live(bench, 400, [1]);
    expect(bench.propose('x').result).toEqual({ ok: false, reason: 'not-leader' });
    live(bench, 100, [1]);
    const end = bench.propose('y');
    bench.acknowledge([1]);
    expect(end.result).toMatchObject({ ok: true });
  });

  test.each([0, 5, 9])(
    'RAFT-15 nothing comes of handing over to %i: itself, a learner, a stranger',
    (to) => {
      const bench = leading({ voters: 5, learners: [5] });
      handOver(bench, to);
      expect(bench.take('take-over')).toEqual([]);
      expect(bench.propose('x').result).toBe('none yet');
    },
  );

  test('RAFT-15 who is asked stands at once, without asking whether it could win', () => {
    const bench = new RaftBench({ term: 3, log: [3] });
    bench.hears(1, { type: 'append', term: 3, prevIndex: 1, prevTerm: 3, entries: [], commit: 0, round: 1 }); // prettier-ignore
    bench.take();
    bench.hears(1, { type: 'take-over', term: 3 });
    expect(bench.state).toMatchObject({ role: 'candidate', term: 4, vote: member(0) });
    expect(bench.take()).toMatchObject([
      { to: 1, type: 'ask-vote', term: 4, isPre: false, isHandover: true },
      { to: 2, type: 'ask-vote', term: 4, isPre: false, isHandover: true },
    ]);
  });

  test.each([
    ['of an older term', { type: 'take-over', term: 2 }, 3],
    ['to a learner', { type: 'take-over', term: 3 }, [1, 2]],
  ] as const)('RAFT-15 a word %s changes nothing', (_, said: Said, voters) => {
    const bench = new RaftBench({
      term: 3,
      voters,
      learners: typeof voters === 'number' ? [] : [0],
    });
    const before = bench.state;
    bench.hears(1, said);
    expect(bench.state).toEqual(before);
  });

  test('RAFT-15 a leader that is not to vote any more makes room: first the others, then itself', () => {
    const bench = leading({ voters: 3, learners: [3] });
    bench.choose([1, 3].map(testNodeId));
    const asked: number[] = [];
    for (let i = 0; i < 20 && asked.length === 0; i++) {
      bench.pass(BEAT_MS);
      bench.acknowledge();
      bench.pass(0);
      asked.push(...bench.take('take-over').map(({ to }) => to));
    }
    expect(new Set(asked)).toEqual(new Set([1]));
    expect(bench.state.config).toEqual({
      voters: [member(0), member(1), member(3)],
      learners: [member(2)],
    });
  });
});
