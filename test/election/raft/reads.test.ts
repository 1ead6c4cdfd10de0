import { describe, expect, test } from 'vitest';
import {
  DEFAULT_OPTIONS,
  LEASE_SHARE,
  MAX_WAITING_READS,
} from '../../../src/election/raft/options.ts';
import { configOf, RaftBench } from '../../support/raft-bench.ts';
import { RaftNet } from '../../support/raft-net.ts';

const { minTimeoutMs } = DEFAULT_OPTIONS;
const LEASE_MS = minTimeoutMs * LEASE_SHARE;

describe('reads by a round', () => {
  test('RAFT-19 a read waits until a majority has answered a message that was sent after it', () => {
    const bench = new RaftBench({ voters: 5 });
    bench.settle();
    const { lastIndex: match, term } = bench.state;
    const read = bench.read();
    const asked = bench.take('append');
    expect(asked.map(({ to }) => to)).toEqual([1, 2, 3, 4]);
    const { round } = asked[0]!;
    const answer = { type: 'appended', term, match } as const;
    // What was sent before the read shows nothing.
    for (const from of [1, 2, 3, 4]) bench.hears(from, { ...answer, round: round - 1 });
    bench.hears(1, { ...answer, round });
    bench.hears(1, { ...answer, round });
    expect(read.ok).toBeNull();
    bench.hears(2, { ...answer, round });
    expect(read.ok).toBe(true);
  });

  test('RAFT-19 a voter that disagrees on the log still confirms that it leads; a learner does not', () => {
    const bench = new RaftBench({ voters: 3, learners: [3] });
    bench.settle();
    const { lastIndex: match, term } = bench.state;
    const read = bench.read();
    const { round } = bench.take('append')[0]!;
    bench.hears(3, { type: 'appended', term, match, round });
    expect(read.ok).toBeNull();
    const place = { prevIndex: match, hintIndex: 0, hintTerm: 0 };
    bench.hears(1, { type: 'mismatch', term, ...place, round });
    expect(read.ok).toBe(true);
  });

  test('RAFT-19 a sole voter confirms itself', () => {
    const bench = new RaftBench({ voters: 1 });
    bench.lead();
    expect(bench.read().ok).toBe(true);
  });

  test('RAFT-19 a new leader answers no reads before it has committed an entry of its own term', () => {
    const bench = new RaftBench({ term: 2, log: [1, 2] });
    bench.lead();
    expect(bench.read().ok).toBe(false);
    bench.acknowledge([1]);
    const read = bench.read();
    expect(read.ok).toBeNull();
    bench.acknowledge([1]);
    expect(read.ok).toBe(true);
    expect(bench.machine.told).toEqual(['1.1', '2.2']);
  });

  test('RAFT-19 who does not lead answers no', () => {
    const bench = new RaftBench();
    expect(bench.read().ok).toBe(false);
    bench.stand();
    expect(bench.read().ok).toBe(false);
  });

  test('RAFT-19 reads that wait when it leads no longer end with no', () => {
    const bench = new RaftBench();
    bench.settle();
    const reads = [bench.read(), bench.read()];
    bench.hears(1, { type: 'append', term: 9, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1 }); // prettier-ignore
    expect(reads.map(({ ok }) => ok)).toEqual([false, false]);
  });

  test('RAFT-19 a leader that was cut off, and has a successor, serves nothing', () => {
    const net = new RaftNet([{ voters: 3 }, { voters: 3 }, { voters: 3 }]);
    net.elect(0);
    net.bench(1).random = () => 0;
    net.run(150);
    net.cutOff(0);
    const read = net.bench(0).read();
    net.run(minTimeoutMs);
    expect(net.leaders).toContain(1);
    net.bench(1).propose('new');
    net.run(10);
    expect(net.bench(1).machine.told).toEqual(['new']);
    net.heal();
    net.run(500);
    expect(read.ok).toBe(false);
    expect(net.bench(0).machine.told).toEqual(['new']);
  });

  test('RAFT-19 beyond so many that wait it says no', () => {
    const bench = new RaftBench();
    bench.settle();
    const reads = Array.from({ length: MAX_WAITING_READS + 1 }, () => bench.read());
    expect(reads.map(({ ok }) => ok).indexOf(false)).toBe(MAX_WAITING_READS);
  });
});

describe('reads by a lease', () => {
  /** It leads, and a majority has confirmed that at this moment. */
  function leased(): RaftBench {
    const bench = new RaftBench({ options: { leaseReads: true } });
    bench.settle();
    confirm(bench);
    return bench;
  }

  /** A round now, which a voter answers. */
  function confirm(bench: RaftBench): void {
    bench.take();
    bench.read();
    bench.acknowledge([1]);
    bench.take();
  }

  test('RAFT-20 within nine tenths of the least timeout a read is answered at once, and not after', () => {
    const bench = leased();
    bench.pass(LEASE_MS - 1);
    expect(bench.read().ok).toBe(true);
    bench.pass(1);
    expect(bench.read().ok).toBeNull();
  });

  test('RAFT-20 it counts from when the round was sent, not from when it was answered', () => {
    const bench = leased();
    bench.pass(LEASE_MS);
    bench.take();
    const read = bench.read();
    const { round } = bench.take('append')[0]!;
    bench.pass(200);
    const { term, lastIndex: match } = bench.state;
    bench.hears(1, { type: 'appended', term, match, round });
    expect(read.ok).toBe(true);
    bench.pass(LEASE_MS - 201);
    expect(bench.read().ok).toBe(true);
    bench.pass(1);
    expect(bench.read().ok).toBeNull();
  });

  test('RAFT-20 without the option there is none', () => {
    const bench = new RaftBench();
    bench.settle();
    confirm(bench);
    expect(bench.read().ok).toBeNull();
  });

  test('RAFT-20 a pause ends it, and an answer from before the pause does not bring it back', () => {
    const bench = leased();
    bench.pass(100);
    const asked = bench.take('append')[0]!;
    bench.step(() => bench.raft.resumed());
    expect(bench.read().ok).toBeNull();
    const { term, lastIndex: match } = bench.state;
    bench.hears(1, { type: 'appended', term, match, round: asked.round });
    const { round } = asked;
    expect(bench.read().ok).toBeNull();
    expect(bench.take('append').at(-1)!.round).toBeGreaterThan(round);
    bench.take();
    confirm(bench);
    expect(bench.read().ok).toBe(true);
  });

  test('RAFT-20 a leader that has asked another to take over has none any more in its term', () => {
    const bench = leased();
    bench.step(() => bench.raft.handOver(bench.state.followers![0]!.member.slice(0, 10) as never));
    expect(bench.take('take-over')).toHaveLength(1);
    // It comes to nothing, and the leader goes on. Its word may still be under way.
    for (let beat = 0; beat < 6; beat++) {
      bench.pass(100);
      bench.acknowledge();
    }
    expect(bench.propose('x').result).toBe('none yet');
    confirm(bench);
    expect(bench.state.role).toBe('leader');
    expect(bench.read().ok).toBeNull();
  });

  test('RAFT-20 a voter that was restarted votes for nobody for as long as a lease may last', () => {
    const bench = new RaftBench({ term: 1, options: { leaseReads: true } });
    bench.restart();
    const ask = { type: 'ask-vote', term: 2, lastIndex: 9, lastTerm: 1, isPre: false, isHandover: false } as const; // prettier-ignore
    bench.pass(minTimeoutMs - 1);
    bench.hears(1, ask);
    expect(bench.take()).toEqual([]);
    bench.pass(1);
    bench.hears(1, ask);
    expect(bench.take()).toMatchObject([{ type: 'vote', granted: true }]);
    expect(bench.state.config).toEqual(configOf([0, 1, 2]));
  });
});
