import { describe, expect, test } from 'vitest';
import { DOUBT_AGAIN_MS, STALE_AFTER_MS } from '../../src/membership/beliefs.ts';
import { FORGET_AFTER_MS } from '../../src/membership/roster.ts';
import { MAX_SUSPICION_MS, MIN_SUSPICION_MS } from '../../src/membership/suspicion.ts';
import type { MemberView } from '../../src/membership/verdict.ts';
import { membershipCluster } from '../support/membership-cluster.ts';

const SETTLED_MS = 2_000;
/** A line: who stands at its ends knows the other one by hearsay alone. */
const LINE = [[0, 1], [1, 2], [2, 3]] as const; // prettier-ignore

describe('coming', () => {
  test('MEMBER-3 a node to which a link opens is alive, and the first message tells which life it is', () => {
    const { view, run } = membershipCluster(2);
    expect(view(0, 1)).toMatchObject({
      state: 'alive',
      verdict: 'alive',
      life: 0,
      reason: 'its link opened',
      rttMs: null,
      silentMs: null,
    });
    run(10);
    expect(view(0, 1)).toMatchObject({ state: 'alive', life: 1, refutation: 0 });
    expect(view(0, 1)!.silentMs).toBeLessThan(10);
  });

  test('MEMBER-3 nodes without a link know each other by hearsay', () => {
    const { view, run } = membershipCluster(4, { links: LINE });
    run(SETTLED_MS);
    expect(view(0, 3)).toMatchObject({ state: 'alive', life: 1, rttMs: null, silentMs: null });
    expect(view(3, 0)).toMatchObject({ state: 'alive', life: 1, rttMs: null, silentMs: null });
    expect(view(0, 0)).toBeUndefined();
  });

  test('MEMBER-6 a node that comes back in a new life is alive in it, to all', () => {
    const { cluster, members, view, states, run, until } = membershipCluster(4);
    run(SETTLED_MS);
    members[3]!.crash();
    until(() => states(3).every((state) => state === 'dead'));
    cluster.restart(3, false);
    run(200);
    for (const by of [0, 1, 2]) {
      expect(view(by, 3)).toMatchObject({
        state: 'alive',
        life: 2,
        refutation: 0,
        reason: 'it came back in a new life',
      });
    }
    expect(members[3]!.protocols.members().map(({ state }) => state)).toEqual([
      'alive',
      'alive',
      'alive',
    ]);
  });
});

describe('going', () => {
  test('MEMBER-4 whoever leaves is gone to all at once, without suspicion', () => {
    const { members, states, notes, view, run } = membershipCluster(4, { links: LINE });
    run(SETTLED_MS);
    members[3]!.protocols.leave();
    run(300);
    expect(states(3)).toEqual(['left', 'left', 'left']);
    expect(view(0, 3)).toMatchObject({ verdict: 'dead', reason: 'it said that it leaves' });
    run(20_000);
    expect(states(3)).toEqual(['left', 'left', 'left']);
    expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toMatchObject([
      { peer: 3, verdict: 'dead', by: 3 },
    ]);
  });

  test('MEMBER-4 stopping says it too, and nothing is said after it', () => {
    const { members, states, said, run } = membershipCluster(3);
    run(SETTLED_MS);
    members[2]!.node.stop();
    const before = said.filter(({ from }) => from === 2).length;
    run(2_000);
    expect(states(2)).toEqual(['left', 'left']);
    expect(said.filter(({ from }) => from === 2)).toHaveLength(before);
  });

  test('MEMBER-4 who left and hears a link open again is back', () => {
    const { cluster, members, states, run } = membershipCluster(3);
    run(SETTLED_MS);
    members[2]!.protocols.leave();
    run(10);
    cluster.unlink(2, 0);
    cluster.unlink(2, 1);
    run(2_000);
    expect(states(2)).toEqual(['left', 'left']);
    cluster.link(2, 0);
    run(1_000);
    expect(states(2)).toEqual(['alive', 'alive']);
  });

  test('MEMBER-5 a link that closes makes suspect at once; whoever is reached by others contradicts', () => {
    const { cluster, view, notes, run } = membershipCluster(4);
    run(SETTLED_MS);
    cluster.unlink(0, 1);
    run(0);
    expect(view(0, 1)).toMatchObject({ state: 'suspect', reason: 'its link closed', rttMs: null });
    run(1_000);
    expect(view(0, 1)).toMatchObject({
      state: 'alive',
      refutation: 1,
      reason: 'it contradicted its suspicion',
    });
    run(30_000);
    expect(notes(0).filter(({ peer }) => peer === 1)).toHaveLength(3);
  });
});

describe('links that nobody wants', () => {
  test('MEMBER-5 a link that is closed on purpose makes nobody suspect, and hearsay goes on', () => {
    const { cluster, members, notes, state, run } = membershipCluster(4);
    run(SETTLED_MS);
    for (const [by, of] of [[0, 1], [1, 0]] as const) members[by]!.protocols.partingFrom(members[of]!.id); // prettier-ignore
    cluster.unlink(0, 1);
    run(60_000);
    expect([state(0, 1), state(1, 0)]).toEqual(['alive', 'alive']);
    for (const by of [0, 1, 2, 3]) {
      expect(notes(by).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
    }
    // It holds for that one link and no later one.
    cluster.link(0, 1);
    run(SETTLED_MS);
    cluster.unlink(0, 1);
    run(0);
    expect(state(0, 1)).toBe('suspect');
  });

  test('MEMBER-4 who has left suspects nobody whose link then closes', () => {
    const { cluster, members, notes, run } = membershipCluster(3);
    run(SETTLED_MS);
    members[0]!.protocols.leave();
    for (const other of [1, 2]) cluster.unlink(0, other);
    run(20_000);
    expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
  });
});

describe('suspicion', () => {
  test('MEMBER-7 silence makes suspect within about a second, and dead only after 4 s more', () => {
    const { members, states, view, notes, run, until } = membershipCluster(8);
    run(SETTLED_MS);
    members[7]!.crash();
    const suspected = until(() => states(7).every((state) => state === 'suspect'));
    expect(suspected).toBeLessThan(2_500);
    expect(view(0, 7)!.suspectedBy.length).toBeGreaterThan(0);
    run(MIN_SUSPICION_MS - suspected);
    expect(states(7)).not.toContain('dead');
    until(() => states(7).every((state) => state === 'dead'), MAX_SUSPICION_MS);
    expect(view(0, 7)!.suspectedBy).toEqual([]);
    for (const by of [0, 1, 2, 3, 4, 5, 6]) {
      const verdicts = notes(by).flatMap((note) => (note.peer === 7 ? [note.verdict] : []));
      expect(verdicts).toEqual(['alive', 'suspect', 'dead']);
    }
  });

  test('SWIM-7 further accusers make the wait shorter', () => {
    const waits = [
      // All of a mesh find it silent.
      membershipCluster(8),
      // One neighbour alone could: the others must take its word for it.
      membershipCluster(4, { links: [[0, 1], [0, 2], [2, 3]] }), // prettier-ignore
    ].map(({ members, state, run, until }) => {
      run(SETTLED_MS);
      members[1]!.crash();
      until(() => state(0, 1) === 'suspect');
      return until(() => state(0, 1) === 'dead');
    });
    expect(waits[0]!).toBeLessThan(5_500);
    expect(waits[1]!).toBeGreaterThan(MAX_SUSPICION_MS - 300);
  });

  test('SWIM-6 a suspect that runs again contradicts at once, and all of its refutations rise', () => {
    const { members, states, view, run, until } = membershipCluster(5);
    run(SETTLED_MS);
    for (const round of [1, 2, 3]) {
      members[4]!.pause();
      until(() => states(4).every((state) => state === 'suspect'));
      members[4]!.resume();
      // One way for its word; it does not wait for its next beat.
      run(60);
      for (const by of [0, 1, 2, 3]) {
        expect(view(by, 4)).toMatchObject({ state: 'alive', life: 1, refutation: round });
      }
      run(SETTLED_MS);
    }
  });

  test('SWIM-6 the dead contradict as well, once they are heard', () => {
    const { members, states, run, until } = membershipCluster(4);
    run(SETTLED_MS);
    members[3]!.pause();
    until(() => states(3).every((state) => state === 'dead'));
    members[3]!.resume();
    until(() => states(3).every((state) => state === 'alive'), 500);
    run(30_000);
    expect(states(3)).toEqual(['alive', 'alive', 'alive']);
  });

  test('MEMBER-15 who contradicted by way of others is not accused again for 10 s by a node that cannot hear it', () => {
    const { network, notes, run, state } = membershipCluster(4, { detector: 'fixed' });
    run(SETTLED_MS);
    network.swallows = (from, to) => from === 1 && to === 0;
    run(5_000);
    expect(state(0, 1)).toBe('alive');
    const of1 = () => notes(0).filter(({ peer }) => peer === 1);
    expect(of1().map(({ verdict }) => verdict)).toEqual(['alive', 'suspect', 'alive']);
    run(DOUBT_AGAIN_MS);
    expect(of1().map(({ verdict }) => verdict)).toEqual([
      'alive',
      'suspect',
      'alive',
      'suspect',
      'alive',
    ]);
  });
});

describe('a second witness', () => {
  test('MEMBER-8 whoever is silent and was seen to go is dead at once', () => {
    const { members, state, notes, run, until } = membershipCluster(4);
    run(SETTLED_MS);
    members[1]!.crash();
    until(() => state(0, 1) === 'suspect');
    members[0]!.protocols.witnessedGone(members[1]!.id);
    run(0);
    expect(state(0, 1)).toBe('dead');
    expect(notes(0).at(-1)).toMatchObject({ peer: 1, verdict: 'dead', by: 0 });
    expect(notes(0).at(-1)!.reason).toContain('the server saw it go');
  });

  test('MEMBER-8 seen first, it is asked at once, and is dead as soon as it is found silent', () => {
    const { members, state, notes, run, until } = membershipCluster(4);
    run(SETTLED_MS);
    members[1]!.crash();
    members[0]!.protocols.witnessedGone(members[1]!.id);
    expect(until(() => state(0, 1) === 'dead')).toBeLessThanOrEqual(710);
    const verdicts = notes(0).flatMap(({ peer, verdict }) => (peer === 1 ? [verdict] : []));
    expect(verdicts[0]).toBe('alive');
    expect(verdicts.at(-1)).toBe('dead');
  });

  test('MEMBER-8 what a killed node had sent before does not save it', () => {
    const { members, state, run, until } = membershipCluster(2, {
      minDelayMs: 150,
      maxDelayMs: 150,
    });
    run(SETTLED_MS);
    members[1]!.crash();
    members[0]!.protocols.witnessedGone(members[1]!.id);
    expect(until(() => state(0, 1) === 'dead')).toBeLessThan(1_400);
  });

  test('MEMBER-8 a false word buries nobody: who is heard is alive, and no old word of the server counts later', () => {
    const { members, state, notes, run } = membershipCluster(4);
    run(SETTLED_MS);
    members[0]!.protocols.witnessedGone(members[1]!.id);
    run(5_000);
    expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
    members[1]!.pause();
    run(3_000);
    expect(state(0, 1)).toBe('suspect');
    members[1]!.resume();
    run(1_000);
    expect(state(0, 1)).toBe('alive');
  });

  test('MEMBER-8 a link that closed is silence too, in either order', () => {
    for (const witnessFirst of [true, false]) {
      const { cluster, members, state, run } = membershipCluster(2);
      run(SETTLED_MS);
      members[1]!.crash();
      if (witnessFirst) members[0]!.protocols.witnessedGone(members[1]!.id);
      cluster.unlink(0, 1);
      run(0);
      if (!witnessFirst) {
        expect(state(0, 1)).toBe('suspect');
        members[0]!.protocols.witnessedGone(members[1]!.id);
      }
      expect(state(0, 1)).toBe('dead');
    }
  });

  test('MEMBER-8 a living node that was buried by two wrong witnesses contradicts', () => {
    const { network, members, states, run, until } = membershipCluster(4);
    run(SETTLED_MS);
    network.swallows = (from, to) => from === 1 || to === 1;
    members[0]!.protocols.witnessedGone(members[1]!.id);
    until(() => states(1).every((state) => state === 'dead'));
    network.swallows = () => false;
    until(() => states(1).every((state) => state === 'alive'), 500);
  });
});

describe('a pause of its own', () => {
  test.each([1_000, 3_000, 30_000])('MEMBER-9 of %i ms convicts nobody', (gapMs) => {
    const { members, network, notes, run } = membershipCluster(4);
    run(SETTLED_MS);
    members[0]!.pause();
    // Nothing of the others waits for it: as if the machine had slept, and its network with it.
    network.swallows = (_from, to) => to === 0;
    run(gapMs);
    network.swallows = () => false;
    members[0]!.resume();
    run(5_000);
    expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
  });

  test('MEMBER-9 time to contradict does not run out while this node does not run', () => {
    const { members, state, run, until } = membershipCluster(3);
    run(SETTLED_MS);
    members[1]!.pause();
    until(() => state(0, 1) === 'suspect');
    members[0]!.pause();
    members[2]!.pause();
    run(60_000);
    members[0]!.resume();
    run(1_000);
    expect(state(0, 1)).toBe('suspect');
    until(() => state(0, 1) === 'dead', MAX_SUSPICION_MS);
  });
});

describe('views meet', () => {
  test('MEMBER-10 after a split in two halves, and within it each half is right about itself', () => {
    const { members, network, states, state, until, run } = membershipCluster(8);
    const half = (index: number) => Math.floor(index / 4);
    run(SETTLED_MS);
    network.swallows = (from, to) => half(from) !== half(to);
    until(() => state(0, 4) === 'dead' && state(7, 3) === 'dead');
    run(5_000);
    for (let by = 0; by < 8; by++) {
      for (let of = 0; of < 8; of++) {
        if (by !== of) expect(state(by, of)).toBe(half(by) === half(of) ? 'alive' : 'dead');
      }
    }
    // One dies while nobody beyond the split can see it.
    members[5]!.crash();
    run(10_000);
    network.swallows = () => false;
    run(3_000);
    for (let of = 0; of < 8; of++) {
      const expected = of === 5 ? 'dead' : 'alive';
      expect(new Set(states(of))).toEqual(new Set([expected]));
    }
  });

  test('MEMBER-10 what no message told is learnt from the roster of a neighbour', () => {
    const { cluster, members, states, run, until } = membershipCluster(5);
    run(SETTLED_MS);
    members[3]!.crash();
    until(() => states(3).every((state) => state === 'dead'));
    // Long after everyone stopped telling of it as news.
    run(60_000);
    members[4]!.crash();
    cluster.restart(4, false);
    run(500);
    expect(states(3)).toEqual(['dead', 'dead', 'dead', 'dead']);
  });

  test('MEMBER-11 whose last neighbours died with it is found out, since nobody hears of it any more', () => {
    const { members, view, notes, run, until } = membershipCluster(4, { links: LINE });
    run(SETTLED_MS);
    members[2]!.crash();
    members[3]!.crash();
    until(() => view(0, 3)!.state === 'suspect', STALE_AFTER_MS + 2_000);
    expect(notes(0).at(-1)!.reason).toMatch(
      /^(nobody has heard it for 30\.\d s|others suspect it)$/,
    );
    until(() => view(0, 3)!.state === 'dead', MAX_SUSPICION_MS + 1_000);
  });

  test('MEMBER-11 who lives at the other end of a long line is never suspected for that', () => {
    const links = Array.from({ length: 29 }, (_, i) => [i, i + 1] as const);
    const { notes, run, state } = membershipCluster(30, { links, loss: 0.02 });
    run(5 * STALE_AFTER_MS);
    expect([state(0, 29), state(29, 0)]).toEqual(['alive', 'alive']);
    for (const by of [0, 14, 29]) {
      expect(notes(by).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
    }
  });

  test('MEMBER-12 the dead are forgotten by all after five minutes, and nobody brings them back', () => {
    const { cluster, members, states, run, until } = membershipCluster(4);
    run(SETTLED_MS);
    members[3]!.crash();
    for (const other of [0, 1, 2]) cluster.unlink(3, other);
    until(() => states(3).every((state) => state === 'dead'));
    run(FORGET_AFTER_MS + 10_000);
    expect(states(3)).toEqual([undefined, undefined, undefined]);
    run(FORGET_AFTER_MS);
    expect(states(3)).toEqual([undefined, undefined, undefined]);
  });
});

describe('what is told of it', () => {
  test('MEMBER-13 every verdict is a note and is told to listeners, with who said so and why', () => {
    const { members, notes, run, until, state } = membershipCluster(3);
    const heard: MemberView[] = [];
    const cancel = members[0]!.protocols.onVerdict((view) => heard.push(view));
    run(SETTLED_MS);
    members[1]!.crash();
    until(() => state(0, 1) === 'dead');
    const of1 = notes(0).filter(({ peer }) => peer === 1);
    expect(of1.map(({ verdict }) => verdict)).toEqual(['alive', 'suspect', 'dead']);
    for (const { reason, by } of of1) {
      expect(reason.length).toBeGreaterThan(10);
      expect(by).toBeGreaterThanOrEqual(0);
    }
    // The links had opened before there was a listener.
    expect(heard.map(({ id, verdict }) => [id, verdict])).toEqual([
      [members[1]!.id, 'suspect'],
      [members[1]!.id, 'dead'],
    ]);
    cancel();
    members[2]!.crash();
    run(20_000);
    expect(heard).toHaveLength(2);
  });

  test('MEMBER-13 the state can be inspected as JSON', () => {
    const { members, run } = membershipCluster(3);
    run(SETTLED_MS);
    const inspected = members[0]!.protocols.inspect();
    expect(JSON.parse(JSON.stringify(inspected))).toEqual(inspected);
    expect(inspected).toMatchObject({
      self: { state: 'alive', life: 1, refutation: 0 },
      detector: 'swim',
      health: 0,
      members: [{ state: 'alive' }, { state: 'alive' }],
    });
  });
});
