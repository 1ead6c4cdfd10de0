import { describe, expect, test } from 'vitest';
import type { Said } from '../../../src/election/raft/messages.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { member, RaftBench, type BenchOptions } from '../../support/raft-bench.ts';
import { RaftNet } from '../../support/raft-net.ts';

const WITHOUT_ASKING = { preVote: false } as const;

const three = (options: BenchOptions = {}): RaftNet =>
  new RaftNet([0, 1, 2].map(() => ({ voters: 3, ...options })));

const ask = (term: number, change: Partial<Extract<Said, { type: 'ask-vote' }>> = {}): Said => ({
  ...{ type: 'ask-vote', term, lastIndex: 99, lastTerm: 99, isPre: false, isHandover: false },
  ...change,
});

const beat = (term: number): Said => {
  return { type: 'append', term, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1 };
};

describe('duels', () => {
  test('RAFT-4 of two who stand in one term one is elected, and the other follows it', () => {
    const net = three({ options: WITHOUT_ASKING });
    net.passes = (from, to) => from + to !== 2;
    for (const bench of net.benches) bench.random = () => (bench.index === 1 ? 1 : 0);
    for (const bench of net.benches) bench.step(() => bench.raft.resumed());
    net.run(501);
    expect(net.benches.map(({ state }) => state.role)).toEqual(['candidate', 'follower', 'candidate']); // prettier-ignore
    net.run(50);
    expect(net.leaders).toHaveLength(1);
    net.heal();
    net.run(3_000);
    const [leader] = net.leaders;
    expect(net.leaders).toHaveLength(1);
    for (const { state } of net.benches) expect(state.leader).toBe(testNodeId(leader!));
    expect(new Set(net.benches.map(({ state }) => state.term)).size).toBe(1);
  });

  test('RAFT-6 of two who only ask none raises its term in vain', () => {
    const net = three();
    net.cutOff(2);
    net.elect(0);
    net.bench(0).propose('x');
    net.run(5_000);
    expect(net.bench(0).machine.told).toEqual(['x']);
    const { term } = net.bench(0).state;
    expect(net.bench(2).state).toMatchObject({ role: 'candidate', term: 0 });
    net.heal();
    net.run(300);
    expect(net.leaders).toEqual([0]);
    expect(net.bench(0).state.term).toBe(term);
    expect(net.bench(2).machine.told).toEqual(['x']);
  });

  test('RAFT-6 votes that are split end by the next attempt, of whoever waits less', () => {
    const net = three();
    net.elect(0);
    const { term } = net.bench(0).state;
    net.cutOff(0);
    for (const index of [1, 2]) net.bench(index).random = () => 0.3;
    net.run(120);
    // Both asked whether they could win at one moment, and both could.
    for (const index of [1, 2]) {
      const bench = net.bench(index);
      bench.step(() => bench.raft.resumed());
    }
    net.bench(0).step(() => net.bench(0).raft.stop());
    net.run(660);
    const roles = () => [1, 2].map((index) => net.bench(index).state.role);
    expect(roles()).toEqual(['candidate', 'candidate']);
    expect(net.bench(1).state).toMatchObject({ term: term + 1, vote: member(1) });
    expect(net.bench(2).state).toMatchObject({ term: term + 1, vote: member(2) });
    net.bench(1).random = () => 0;
    net.run(2_000);
    expect(roles().sort()).toEqual(['follower', 'leader']);
    expect(net.bench(1).state.term).toBe(net.bench(2).state.term);
  });
});

describe('asking first', () => {
  test('RAFT-6 who asks raises no term and gives no vote, nor does who answers', () => {
    const candidate = new RaftBench({ term: 4, vote: 2 });
    candidate.losePatience();
    expect(candidate.state).toMatchObject({ role: 'candidate', term: 4, vote: member(2) });
    expect(candidate.take()).toMatchObject([
      { to: 1, type: 'ask-vote', term: 5, isPre: true },
      { to: 2, type: 'ask-vote', term: 5, isPre: true },
    ]);
    const voter = new RaftBench({ term: 4, vote: 2 });
    voter.hears(1, ask(5, { isPre: true }));
    expect(voter.take()).toEqual([{ to: 1, type: 'vote', term: 5, isPre: true, granted: true }]);
    expect(voter.state).toMatchObject({ role: 'follower', term: 4, vote: member(2) });
  });

  test('RAFT-6 who could win stands, and what was said only for the question is no vote', () => {
    const bench = new RaftBench({ voters: 5 });
    bench.losePatience();
    const yes = { type: 'vote', term: 1, isPre: true, granted: true } as const;
    bench.hears(1, yes);
    expect(bench.state.term).toBe(0);
    bench.hears(2, yes);
    expect(bench.state).toMatchObject({ role: 'candidate', term: 1 });
    for (const from of [3, 4]) bench.hears(from, yes);
    expect(bench.state.role).toBe('candidate');
  });

  test('RAFT-6 a question in an old term is refused with the newer one, which frees who asked', () => {
    const voter = new RaftBench({ term: 7 });
    voter.hears(1, ask(5, { isPre: true }));
    expect(voter.take()).toEqual([{ to: 1, type: 'vote', term: 7, isPre: true, granted: false }]);
    const candidate = new RaftBench({ term: 4 });
    candidate.losePatience();
    candidate.hears(1, { type: 'vote', term: 7, isPre: true, granted: false });
    expect(candidate.state).toMatchObject({ role: 'follower', term: 7 });
  });
});

describe('promises', () => {
  test('RAFT-3 a member that crashes as it votes has not voted, and one whose word left has', () => {
    const bench = new RaftBench({ term: 1 });
    bench.disk.hangs = true;
    bench.hears(1, ask(2));
    expect(bench.take()).toEqual([]);
    bench.disk.hangs = false;
    bench.restart();
    expect(bench.state).toMatchObject({ term: 1, vote: null });
    bench.hears(2, ask(2));
    expect(bench.take('vote')).toMatchObject([{ to: 2, granted: true }]);
    bench.restart();
    expect(bench.state).toMatchObject({ term: 2, vote: member(2) });
    bench.hears(1, ask(2));
    expect(bench.take('vote')).toMatchObject([{ to: 1, granted: false }]);
  });

  test('RAFT-3 a candidate has its own vote on the disk before it asks for others', () => {
    const bench = new RaftBench({ options: WITHOUT_ASKING });
    bench.disk.hangs = true;
    bench.losePatience();
    expect(bench.take()).toEqual([]);
    bench.disk.goOn();
    expect(bench.take('ask-vote')).toHaveLength(2);
    bench.restart();
    expect(bench.state).toMatchObject({ role: 'follower', term: 1, vote: member(0) });
  });

  test('RAFT-3 a term that was heard of is on the disk, even where nobody was voted for', () => {
    const bench = new RaftBench({ term: 1 });
    bench.hears(1, beat(7));
    bench.restart();
    expect(bench.state).toMatchObject({ term: 7, vote: null });
  });

  test('RAFT-3 in a higher term one may vote anew', () => {
    const bench = new RaftBench({ term: 1, vote: 2 });
    bench.hears(1, ask(2));
    expect(bench.state).toMatchObject({ term: 2, vote: member(1) });
  });
});

describe('a leader that is there', () => {
  test('RAFT-7 who hears its leader answers no candidate, whatever its term, until it has waited', () => {
    const bench = new RaftBench({ term: 1 });
    bench.hears(1, beat(1));
    bench.take();
    bench.random = () => 1;
    bench.pass(499);
    for (const isPre of [true, false]) bench.hears(2, ask(9, { isPre }));
    expect(bench.take()).toEqual([]);
    expect(bench.state).toMatchObject({ term: 1, leader: testNodeId(1) });
    bench.pass(1);
    bench.hears(2, ask(9));
    expect(bench.take()).toMatchObject([{ to: 2, type: 'vote', granted: true }]);
  });

  test('RAFT-7 unless the leader itself sent it', () => {
    const bench = new RaftBench({ term: 1 });
    bench.hears(1, beat(1));
    bench.hears(2, ask(2, { isHandover: true }));
    expect(bench.take('vote')).toMatchObject([{ to: 2, term: 2, granted: true }]);
  });

  test('RAFT-7 a leader that hears a majority keeps leading; one that does not steps down', () => {
    const bench = new RaftBench({ voters: 5 });
    bench.settle();
    for (let i = 0; i < 20; i++) {
      bench.pass(100);
      bench.acknowledge([1, 2]);
    }
    expect(bench.state.role).toBe('leader');
    for (let i = 0; i < 10; i++) {
      bench.pass(100);
      bench.acknowledge([1]);
    }
    expect(bench.state).toMatchObject({ role: 'follower', leader: null, term: 1 });
    expect(bench.raft.timer()).not.toBeNull();
  });

  test('RAFT-7 without the check a leader without a majority goes on', () => {
    const bench = new RaftBench({ options: { checkQuorum: false } });
    bench.settle();
    bench.pass(5_000);
    expect(bench.state.role).toBe('leader');
  });

  test('RAFT-7 learners are no majority', () => {
    const bench = new RaftBench({ voters: 5, learners: [5, 6, 7] });
    bench.settle();
    for (let i = 0; i < 10; i++) {
      bench.pass(100);
      bench.acknowledge([1, 5, 6, 7]);
    }
    expect(bench.state.role).toBe('follower');
  });
});

describe('one that was left behind', () => {
  test('RAFT-2 what was said to a leader of an earlier term counts for no later one', () => {
    const bench = new RaftBench({ term: 4, log: [1, 4] });
    bench.lead();
    for (const from of [1, 2]) {
      bench.hears(from, { type: 'appended', term: 4, match: 9, round: 9 });
      bench.hears(from, { type: 'mismatch', term: 4, prevIndex: 2, hintIndex: 0, hintTerm: 0, round: 9 }); // prettier-ignore
    }
    expect(bench.state).toMatchObject({ role: 'leader', term: 5, commit: 0 });
    for (const { match, next } of bench.state.followers!)
      expect({ match, next }).toEqual({ match: 0, next: 3 });
  });

  test('RAFT-2 a candidate that stands alone in a high term is freed: its leader makes room', () => {
    const net = three({ options: WITHOUT_ASKING });
    net.elect(0);
    net.passes = (from, to) => to !== 2 && from !== 2;
    net.run(5_000);
    const stuck = net.bench(2).state;
    expect(stuck.term).toBeGreaterThan(net.bench(0).state.term);
    expect(net.leaders).toEqual([0]);
    net.heal();
    net.run(3_000);
    expect(net.leaders).toHaveLength(1);
    const terms = net.benches.map(({ state }) => state.term);
    expect(new Set(terms).size).toBe(1);
    expect(terms[0]).toBeGreaterThanOrEqual(stuck.term);
    net.bench(net.leaders[0]!).propose('x');
    net.run(300);
    for (const { machine } of net.benches) expect(machine.told).toEqual(['x']);
  });

  test('RAFT-7 a follower that does not hear its leader and stands disturbs until it is heard', () => {
    const net = three({ options: WITHOUT_ASKING });
    net.elect(0);
    const { term } = net.bench(0).state;
    net.bench(2).random = () => 0;
    net.run(150);
    net.passes = (from, to) => !(from === 0 && to === 2);
    net.run(600);
    // Its questions are answered by nobody; its answer to the leader is what deposes that.
    expect(net.bench(2).state.role).toBe('candidate');
    expect(net.leaders).toEqual([0]);
    net.heal();
    net.run(101);
    expect(net.bench(0).state.term).toBeGreaterThan(term);
    expect(net.bench(0).state.role).not.toBe('leader');
  });

  test('RAFT-6 one that asks first disturbs nobody', () => {
    const net = three();
    net.elect(0);
    const { term } = net.bench(0).state;
    net.passes = (from, to) => !(from === 0 && to === 2);
    net.bench(2).random = () => 0;
    net.run(5_000);
    net.heal();
    net.run(300);
    expect(net.leaders).toEqual([0]);
    expect(net.benches.map(({ state }) => state.term)).toEqual([term, term, term]);
    expect(net.bench(2).state).toMatchObject({ role: 'follower', leader: testNodeId(0) });
  });

  test('RAFT-2 a newer log in an older term elects: whoever is refused hears of the newer term', () => {
    const net = new RaftNet([
      { voters: 3, term: 5, log: [1] },
      { voters: 3, term: 3, log: [1, 3] },
      { voters: 3, term: 3, log: [1, 3] },
    ]);
    net.run(5_000);
    expect(net.leaders).toHaveLength(1);
    expect(net.leaders).not.toContain(0);
    expect(net.bench(0).terms.slice(0, 2)).toEqual([1, 3]);
  });
});

describe('handing over', () => {
  test('RAFT-15 the heir leads within a few messages, and the old leader follows it', () => {
    const net = three();
    net.elect(0);
    const end = net.bench(0).propose('x');
    net.bench(0).step(() => net.bench(0).raft.handOver(testNodeId(2)));
    net.run(20);
    expect(net.leaders).toEqual([2]);
    expect(net.bench(0).state).toMatchObject({ role: 'follower', term: 2, leader: testNodeId(2) });
    expect(end.result).toMatchObject({ ok: true });
    expect(net.bench(2).machine.told).toEqual(['x']);
  });

  test('RAFT-15 to one that lacks much it gives that first', () => {
    const net = three();
    net.elect(0);
    net.cutOff(2);
    for (let i = 0; i < 200; i++) net.bench(0).propose(i);
    net.run(200);
    net.heal();
    net.bench(0).step(() => net.bench(0).raft.handOver(testNodeId(2)));
    net.run(300);
    expect(net.leaders).toEqual([2]);
    expect(net.bench(2).machine.told).toHaveLength(200);
  });

  test('RAFT-15 one that does not answer is given up, and the leader goes on', () => {
    const net = three();
    net.elect(0);
    net.cutOff(2);
    net.bench(0).step(() => net.bench(0).raft.handOver(testNodeId(2)));
    net.run(600);
    expect(net.leaders).toEqual([0]);
    const end = net.bench(0).propose('x');
    net.run(20);
    expect(end.result).toMatchObject({ ok: true });
  });
});
