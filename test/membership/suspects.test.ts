import { describe, expect, test } from 'vitest';
import { DOUBT_AGAIN_MS } from '../../src/membership/beliefs.ts';
import { MAX_SUSPICION_MS, MIN_SUSPICION_MS } from '../../src/membership/suspicion.ts';
import { MIN_BEAT_GAP_MS } from '../../src/membership/pulse.ts';
import { WITNESS_GRACE_MS } from '../../src/membership/witness.ts';
import { membershipCluster } from '../support/membership-cluster.ts';

const SETTLED_MS = 2_000;

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

  test('SWIM-6 the answer does not wait for the next beat', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { members, network, said, run } = membershipCluster(5, { seed });
      run(SETTLED_MS);
      // Nobody hears node 4, which hears all.
      network.swallows = (from) => from === 4;
      run(4_000);
      const accused = said.find(
        ({ to, message }) =>
          to === 4 &&
          message.claims.some(({ id, state }) => id === members[4]!.id && state !== 'alive'),
      )!;
      const answer = said.find(
        ({ from, message }) => from === 4 && message.type === 'beat' && message.refutation === 1,
      )!;
      expect(answer.at - (accused.at + 5)).toBeLessThanOrEqual(MIN_BEAT_GAP_MS);
    }
  });

  test('SWIM-8 the accused takes a part of the blame upon itself', () => {
    const { members, run } = membershipCluster(2);
    run(SETTLED_MS);
    const [{ id: by }, { id, node, protocols }] = [members[0]!, members[1]!];
    const state = 'suspect' as const;
    const claim = { id, state, life: 1, refutation: 0, by: [by], heardMs: 0 };
    node.step(() => protocols.receive(by, { type: 'ping', number: 1, claims: [claim] }));
    expect(protocols.inspect()).toMatchObject({ self: { refutation: 1 }, health: 1 });
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

  test('MEMBER-8 however patient this node has become, and whatever it has asked already', () => {
    const { members, network, state, run, until } = membershipCluster(2);
    const inspect = () => members[0]!.protocols.inspect() as { health: number; probes: number };
    run(SETTLED_MS);
    // It gets no answers for a while: it doubts itself, and waits long for the next ones.
    network.swallows = () => true;
    run(4_000);
    network.swallows = () => false;
    until(() => state(0, 1) === 'alive' && inspect().probes === 0);
    expect(inspect().health).toBeGreaterThan(0);
    members[1]!.crash();
    until(() => inspect().probes > 0);
    members[0]!.protocols.witnessedGone(members[1]!.id);
    expect(until(() => state(0, 1) === 'dead')).toBeLessThanOrEqual(710);
  });

  test('MEMBER-8 what a killed node had sent before does not save it', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { members, state, run, until } = membershipCluster(8, {
        seed,
        minDelayMs: 150,
        maxDelayMs: 150,
      });
      run(SETTLED_MS);
      members[1]!.crash();
      members[0]!.protocols.witnessedGone(members[1]!.id);
      // What was on its way answers the first question, and not the second.
      expect(until(() => state(0, 1) === 'dead')).toBeLessThanOrEqual(WITNESS_GRACE_MS + 710);
    }
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
  test.each([1_000, 3_000, 60_000])(
    'MEMBER-9 of %i ms convicts nobody, nor whom it knows by hearsay',
    (gapMs) => {
      const links = [[0, 1], [0, 2], [1, 2], [2, 3]] as const; // prettier-ignore
      const { members, network, notes, run } = membershipCluster(4, { links });
      run(SETTLED_MS);
      members[0]!.pause();
      // Nothing of the others waits for it: as if the machine had slept, and its network with it.
      network.swallows = (_from, to) => to === 0;
      run(gapMs);
      network.swallows = () => false;
      members[0]!.resume();
      run(5_000);
      expect(notes(0).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
    },
  );

  test('SWIM-8 a pause of its own, or a timer that is late, is a reason to doubt itself', () => {
    for (const gapMs of [400, 3_000]) {
      const { members, network, run } = membershipCluster(3);
      run(SETTLED_MS);
      members[0]!.pause();
      network.swallows = (_from, to) => to === 0;
      run(gapMs);
      members[0]!.resume();
      expect(members[0]!.protocols.inspect()).toMatchObject({ health: 1 });
    }
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
