import { describe, expect, test } from 'vitest';
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
    const { members, said, states, notes, view, run } = membershipCluster(4, { links: LINE });
    run(SETTLED_MS);
    members[3]!.protocols.leave();
    const before = said.length;
    run(300);
    expect(states(3)).toEqual(['left', 'left', 'left']);
    expect(view(0, 3)).toMatchObject({ verdict: 'dead', reason: 'it said that it leaves' });
    run(20_000);
    expect(states(3)).toEqual(['left', 'left', 'left']);
    expect(said.slice(before).filter(({ from }) => from === 3)).toEqual([]);
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
  });

  test('MEMBER-5 the purpose holds for one closing, and for a while', () => {
    const { cluster, members, state, run } = membershipCluster(4);
    const part = () => members[0]!.protocols.partingFrom(members[1]!.id);
    run(SETTLED_MS);
    part();
    cluster.unlink(0, 1);
    run(0);
    expect(state(0, 1)).toBe('alive');
    cluster.link(0, 1);
    run(0);
    cluster.unlink(0, 1);
    run(0);
    expect(state(0, 1)).toBe('suspect');
    // The other end wanted to keep it.
    cluster.link(0, 1);
    run(SETTLED_MS);
    part();
    run(4_000);
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
