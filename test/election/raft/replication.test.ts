import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, MAX_UNCOMMITTED } from '../../../src/election/raft/options.ts';
import type { Said } from '../../../src/election/raft/messages.ts';
import { Random } from '../../../src/simulator/random.ts';
import { command, configOf, entriesOf, noop, RaftBench } from '../../support/raft-bench.ts';
import { RaftNet } from '../../support/raft-net.ts';

const BEAT_MS = DEFAULT_OPTIONS.heartbeatMs;

const append = (change: Partial<Extract<Said, { type: 'append' }>>): Said => ({
  ...{ type: 'append', term: 1, prevIndex: 0, prevTerm: 0, entries: [], commit: 0, round: 1 },
  ...change,
});

const follower = (bench: RaftBench, index: number) => bench.state.followers![index - 1]!;

function led(): RaftBench {
  const bench = new RaftBench();
  bench.settle();
  return bench;
}

describe('going back', () => {
  const terms = (...runs: [number, number][]) =>
    runs.flatMap(([term, length]) => Array<number>(length).fill(term));

  /** How often a leader has to ask until it knows where a follower's log parts from its own. */
  function asked(leader: number[], other: number[]): { questions: number; match: number } {
    const bench = new RaftBench({ term: 9, log: leader });
    const paper = new RaftBench({ index: 1, term: 9, log: other });
    bench.lead();
    let questions = 0;
    for (let i = 0; i < 50; i++) {
      for (const { to, ...said } of bench.take('append')) {
        if (to !== 1) continue;
        questions += 1;
        paper.hears(0, said);
        for (const { to: _, ...answer } of paper.take()) {
          bench.hears(1, answer);
          if (answer.type === 'appended') return { questions, match: said.prevIndex };
        }
      }
    }
    throw new Error('it never found out');
  }

  test.each([
    ['a follower that lacks much', terms([1, 100]), terms([1, 2]), 2, 2],
    ['one that lacks all', terms([1, 100]), [], 2, 0],
    ['a long term that only it has', terms([1, 3], [5, 1]), terms([1, 3], [2, 60]), 2, 3],
    ['a long term that only the leader has', terms([1, 3], [5, 60]), terms([1, 3], [2, 60]), 3, 3],
    ['both, many times', terms([1, 3], [4, 9], [6, 9]), terms([1, 3], [2, 9], [3, 9], [5, 9]), 3, 3], // prettier-ignore
  ])('RAFT-8 %s: it takes a term, not an entry, at a time', (_, leader, other, most, match) => {
    const found = asked(leader, other);
    expect(found.match).toBe(match);
    expect(found.questions).toBeLessThanOrEqual(most);
  });

  test('RAFT-8 a late word that the logs differ changes nothing', () => {
    const bench = led();
    bench.propose('x');
    bench.acknowledge();
    bench.pass(0);
    bench.take();
    const before = follower(bench, 1);
    const { lastIndex: index, term } = bench.state;
    for (const prevIndex of [index - 1, index, index + 5])
      bench.hears(1, { type: 'mismatch', term, prevIndex, hintIndex: 0, hintTerm: 0, round: 1 });
    expect(follower(bench, 1)).toEqual(before);
  });
});

describe('messages that are lost, doubled or late', () => {
  test('RAFT-9 what was taken already is taken back by no old message', () => {
    const bench = new RaftBench();
    const old = append({ entries: entriesOf([1]), commit: 0 });
    bench.hears(1, old);
    bench.hears(1, append({ entries: entriesOf([1, 1, 1]), commit: 2 }));
    bench.take();
    bench.hears(1, old);
    expect(bench.terms).toEqual([1, 1, 1]);
    expect(bench.state.commit).toBe(2);
    expect(bench.take()).toMatchObject([{ type: 'appended', match: 1 }]);
  });

  test('RAFT-9 entries of a leader that was deposed do not come back', () => {
    const bench = new RaftBench();
    const old = append({ entries: [command(1, 'old')] });
    bench.hears(1, append({ term: 2, entries: [noop(2), command(2, 'new')], commit: 2 }));
    bench.take();
    bench.hears(2, old);
    expect(bench.machine.told).toEqual(['new']);
    expect(bench.terms).toEqual([2, 2]);
    expect(bench.take()).toEqual([{ to: 2, type: 'appended', term: 2, match: 0, round: 0 }]);
  });

  test('RAFT-8 entries that are lost on the way come again', () => {
    const bench = led();
    const { lastIndex } = bench.state;
    bench.propose('lost');
    bench.take();
    bench.propose('second');
    const late = bench.take('append').find(({ to }) => to === 1)!;
    expect(late.prevIndex).toBe(lastIndex + 1);
    const place = { prevIndex: late.prevIndex, hintIndex: lastIndex, hintTerm: 1 };
    bench.hears(1, { type: 'mismatch', term: 1, ...place, round: late.round });
    const again = bench.take('append');
    expect(again).toMatchObject([
      { to: 1, prevIndex: lastIndex, entries: [command(1, 'lost'), command(1, 'second')] },
    ]);
  });

  test('RAFT-8 the last entries too: the next beat shows that they are missing', () => {
    const net = new RaftNet([{ voters: 3 }, { voters: 3 }, { voters: 3 }]);
    net.elect(0);
    net.passes = (from, to, { type }) => !(from === 0 && to === 2 && type === 'append');
    net.bench(0).propose('x');
    net.run(BEAT_MS / 2);
    net.heal();
    net.run(2 * BEAT_MS);
    expect(net.bench(2).machine.told).toEqual(['x']);
  });

  test('RAFT-8 so many messages are under way to one, and no more', () => {
    const bench = new RaftBench({ options: { maxEntries: 1, maxInFlight: 3 } });
    bench.settle();
    for (let i = 0; i < 10; i++) bench.propose(i);
    const carried = () => bench.take('append').filter(({ to, entries }) => to === 1 && entries.length > 0); // prettier-ignore
    const first = carried();
    expect(first.map(({ entries }) => entries.length)).toEqual([1, 1, 1]);
    const { term } = bench.state;
    bench.hears(1, { type: 'appended', term, match: first[0]!.prevIndex + 1, round: 1 });
    expect(carried()).toHaveLength(1);
  });

  test('RAFT-8 what is proposed at once goes together, as much as fits into a message', () => {
    const bench = new RaftBench({ options: { maxEntries: 4 } });
    bench.settle();
    bench.step(() => {
      for (let i = 0; i < 6; i++) bench.raft.propose(i, () => {});
    });
    bench.pass(0);
    const lengths = bench.take('append').filter(({ to }) => to === 1).map(({ entries }) => entries.length); // prettier-ignore
    expect(lengths).toEqual([4, 2]);
  });

  test('RAFT-11 whatever is lost, doubled and late, all execute the same', () => {
    for (let seed = 0; seed < 3; seed++) {
      const net = new RaftNet([0, 1, 2, 3, 4].map(() => ({ voters: 5 })));
      const weather = new Random(`weather ${seed}`);
      net.elect(0);
      net.passes = () => weather.below(5) > 0;
      for (let i = 0; i < 30; i++) {
        for (const leader of net.leaders) net.bench(leader).propose(i);
        net.run(30);
      }
      net.heal();
      net.run(3_000);
      const told = net.benches.map(({ machine }) => machine.told);
      expect(told[0]!.length).toBeGreaterThan(0);
      for (const other of told) expect(other).toEqual(told[0]);
    }
  });
});

describe('snapshots', () => {
  const OPTIONS = { snapshotAfter: 10, keepBehind: 3 };

  test('RAFT-12 after so many executed entries a snapshot takes their place, but for the last', () => {
    const bench = new RaftBench({ voters: 1, options: OPTIONS });
    bench.lead();
    for (let i = 0; i < 8; i++) bench.propose(i);
    expect(bench.state).toMatchObject({ applied: 9, baseIndex: 0 });
    bench.propose(8);
    expect(bench.state).toMatchObject({ applied: 10, baseIndex: 7, lastIndex: 10 });
    expect(bench.log.snapshot).toMatchObject({ index: 10, term: 1, state: [...Array(9).keys()] });
  });

  test('RAFT-12 a restarted member begins with its snapshot, and executes the rest when it is told', () => {
    const bench = new RaftBench({ voters: 1, options: OPTIONS });
    bench.lead();
    for (let i = 0; i < 12; i++) bench.propose(i);
    const { entries } = bench;
    bench.restart();
    expect(bench.machine.told).toEqual([...Array(9).keys()]);
    expect(bench.state).toMatchObject({ commit: 10, applied: 10, baseIndex: 7, lastIndex: 13 });
    expect(bench.entries).toEqual(entries);
    bench.lead();
    expect(bench.machine.told).toEqual([...Array(12).keys()]);
  });

  test('RAFT-12 who lacks what is gone gets the snapshot, then what follows, and has all that others have', () => {
    const net = new RaftNet([0, 1, 2].map(() => ({ voters: 3, options: OPTIONS })));
    net.elect(0);
    net.cutOff(2);
    for (let i = 0; i < 25; i++) {
      net.bench(0).propose(i);
      net.run(5);
    }
    expect(net.bench(0).state.baseIndex).toBeGreaterThan(10);
    expect(net.bench(2).machine.told).toEqual([]);
    net.heal();
    // A snapshot that was sent in vain goes again after ten beats.
    net.run(11 * BEAT_MS);
    expect(net.bench(2).machine.told).toEqual([...Array(25).keys()]);
    expect(net.bench(2).state.baseIndex).toBeGreaterThan(10);
    const [last] = net.bench(0).log.slice(26, 1);
    expect(net.bench(2).log.entryAt(26)).toEqual(last);
    net.bench(2).restart();
    expect(net.bench(2).machine.told.length).toBeGreaterThan(10);
  });

  test('RAFT-12 what a follower executed is not undone by an older snapshot', () => {
    const bench = new RaftBench();
    bench.hears(1, append({ entries: entriesOf([1, 1, 1]), commit: 3 }));
    bench.take();
    const snapshot = { index: 2, term: 1, config: configOf([0, 1, 2]), digest: 0, state: ['?'] };
    bench.hears(1, { type: 'install', term: 1, snapshot, round: 1 });
    expect(bench.machine.told).toEqual(['1.1', '2.1', '3.1']);
    expect(bench.state).toMatchObject({ commit: 3, baseIndex: 0 });
    expect(bench.take()).toMatchObject([{ type: 'appended', match: 3 }]);
  });

  test('RAFT-12 a snapshot takes the place of a log that differs, and of its members', () => {
    const bench = new RaftBench({ term: 2, log: [1, 2, 2, 2] });
    const config = configOf([1, 2], [0]);
    const snapshot = { index: 3, term: 4, config, digest: 7, state: ['a', 'b'] };
    bench.hears(1, { type: 'install', term: 5, snapshot, round: 2 });
    expect(bench.take()).toEqual([{ to: 1, type: 'appended', term: 5, match: 3, round: 2 }]);
    expect(bench.state).toMatchObject({ role: 'learner', config, commit: 3, lastIndex: 3 });
    expect(bench.machine.told).toEqual(['a', 'b']);
    bench.restart();
    expect(bench.state).toMatchObject({ config, commit: 3, lastIndex: 3, baseIndex: 3 });
    expect(bench.machine.told).toEqual(['a', 'b']);
  });

  test('RAFT-12 entries that follow upon a snapshot stay', () => {
    const bench = new RaftBench({ term: 2, log: [1, 2, 2, 2] });
    const snapshot = { index: 2, term: 2, config: configOf([0, 1, 2]), digest: 7, state: [] };
    bench.hears(1, { type: 'install', term: 2, snapshot, round: 1 });
    expect(bench.state).toMatchObject({ baseIndex: 2, lastIndex: 4, commit: 2 });
    expect(bench.terms).toEqual([2, 2]);
  });

  test('RAFT-9 what comes again of what is gone already is no difference', () => {
    const bench = new RaftBench();
    const snapshot = { index: 3, term: 1, config: configOf([0, 1, 2]), digest: 7, state: ['s'] };
    bench.hears(1, { type: 'install', term: 1, snapshot, round: 1 });
    bench.take();
    bench.hears(1, append({ prevIndex: 1, prevTerm: 1, entries: entriesOf([1, 1, 1], 2), commit: 4 })); // prettier-ignore
    expect(bench.take()).toMatchObject([{ type: 'appended', match: 4 }]);
    expect(bench.machine.told).toEqual(['s', '4.1']);
    bench.hears(1, append({ prevIndex: 0, prevTerm: 0, entries: entriesOf([1, 1]), commit: 2 }));
    expect(bench.take()).toMatchObject([{ type: 'appended', match: 3 }]);
    expect(bench.state).toMatchObject({ baseIndex: 3, lastIndex: 4, commit: 4 });
  });

  test('RAFT-12 a snapshot that is not answered goes again now and then, however busy the leader is', () => {
    const bench = new RaftBench({ options: OPTIONS });
    bench.settle();
    for (let i = 0; i < 25; i++) {
      bench.propose(i);
      bench.acknowledge([1]);
    }
    const { term } = bench.state;
    expect(follower(bench, 2).mode).toBe('install');
    bench.take();
    let installs = 0;
    for (let i = 0; i < 250; i++) {
      bench.propose(i);
      const letters = bench.take();
      installs += letters.filter(({ type }) => type === 'install').length;
      for (const letter of letters)
        if (letter.to === 1 && letter.type === 'append')
          bench.hears(1, { type: 'appended', term, match: letter.prevIndex + letter.entries.length, round: letter.round }); // prettier-ignore
      bench.pass(10);
    }
    // Every tenth of 25 beats.
    expect(installs).toBe(2);
  });
});

describe('what was proposed', () => {
  test('RAFT-18 is refused by who does not lead, within the call', () => {
    const bench = new RaftBench();
    expect(bench.propose('x').result).toEqual({ ok: false, reason: 'not-leader' });
    expect(bench.terms).toEqual([]);
  });

  test('RAFT-18 is lost with the office, and may come about nevertheless', () => {
    const bench = led();
    const ends = [bench.propose('x'), bench.propose('y')];
    bench.hears(1, append({ term: 9 }));
    for (const { result } of ends) expect(result).toEqual({ ok: false, reason: 'lost' });
    const { lastIndex } = bench.state;
    bench.hears(1, append({ term: 9, prevIndex: lastIndex, prevTerm: 1, commit: lastIndex }));
    expect(bench.machine.told).toEqual(['x', 'y']);
  });

  test('RAFT-18 ends once: as lost when it is stopped, whatever its disk says after', () => {
    const bench = new RaftBench({ voters: 1 });
    bench.lead();
    bench.disk.hangs = true;
    const end = bench.propose('x');
    bench.step(() => bench.raft.stop());
    expect(end.result).toEqual({ ok: false, reason: 'lost' });
    bench.disk.goOn();
    // What it would execute now would be for whoever uses the machine after it.
    expect(bench.machine.told).toEqual([]);
    expect(end.result).toEqual({ ok: false, reason: 'lost' });
  });

  test('RAFT-18 beyond so much that waits it is refused as too much, and taken again later', () => {
    const bench = led();
    const results: unknown[] = [];
    bench.step(() => {
      for (let i = 0; i <= MAX_UNCOMMITTED; i++)
        bench.raft.propose(i, (result) => results.push(result));
    });
    expect(results).toEqual([{ ok: false, reason: 'full' }]);
    const { term, lastIndex: match } = bench.state;
    bench.hears(1, { type: 'appended', term, match, round: 1 });
    expect(results).toHaveLength(MAX_UNCOMMITTED + 1);
    expect(bench.propose('more').result).toBe('none yet');
  });

  test('RAFT-18 answers come in the order of the log, each with its own', () => {
    const bench = led();
    const { lastIndex } = bench.state;
    const ends = ['a', 'b', 'c'].map((name) => bench.propose(name));
    bench.acknowledge([1]);
    bench.acknowledge([1]);
    expect(ends.map(({ result }) => result)).toEqual(
      [1, 2, 3].map((answer) => ({ ok: true, answer, index: lastIndex + answer })),
    );
  });

  test('RAFT-3 a restarted leader follows, with all that it had, and says again nothing that it did not store', () => {
    const bench = led();
    bench.propose('x');
    const { entries } = bench;
    bench.disk.hangs = true;
    bench.propose('never stored');
    bench.disk.hangs = false;
    bench.restart();
    expect(bench.state).toMatchObject({ role: 'follower', term: 1, leader: null, commit: 0 });
    expect(bench.entries).toEqual(entries);
  });
});
