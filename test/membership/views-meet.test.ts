import { describe, expect, test } from 'vitest';
import { MAX_STALE_MS } from '../../src/membership/beliefs.ts';
import { FORGET_AFTER_MS } from '../../src/membership/roster.ts';
import { MAX_SUSPICION_MS } from '../../src/membership/suspicion.ts';
import type { MemberView } from '../../src/membership/verdict.ts';
import { membershipCluster } from '../support/membership-cluster.ts';

const SETTLED_MS = 2_000;
/** Minutes of thirty nodes, on a machine that has other work too. */
const LONG = { timeout: 30_000 };
/** A line: who stands at its ends knows the other one by hearsay alone. */
const LINE = [[0, 1], [1, 2], [2, 3]] as const; // prettier-ignore

describe('views meet', () => {
  test(
    'MEMBER-10 after a split in two halves, and within it each half is right about itself',
    LONG,
    () => {
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
    },
  );

  test('MEMBER-10 once a second it asks for the roster of one neighbour, one after the other', () => {
    const { said, run } = membershipCluster(4);
    run(10_000);
    const asked = said.filter(
      ({ from, message }) => from === 0 && message.type === 'roster' && message.answer,
    );
    expect(asked.length).toBeGreaterThanOrEqual(8);
    for (const [i, { to }] of asked.slice(3).entries()) expect(to).toBe(asked[i]!.to);
    expect(new Set(asked.slice(0, 3).map(({ to }) => to)).size).toBe(3);
  });

  test('MEMBER-10 what no message told is learnt from the roster of a neighbour', LONG, () => {
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
    until(() => view(0, 3)!.state === 'suspect', MAX_STALE_MS + 2_000);
    expect(notes(0).at(-1)!.reason).toMatch(
      /^(nobody has heard it for 8\.\d s|others suspect it)$/,
    );
    until(() => view(0, 3)!.state === 'dead', MAX_SUSPICION_MS + 1_000);
  });

  test(
    'MEMBER-11 who lives at the other end of a long line is never suspected for that',
    LONG,
    () => {
      const links = Array.from({ length: 29 }, (_, i) => [i, i + 1] as const);
      const { notes, run, state } = membershipCluster(30, { links, loss: 0.02 });
      run(2.5 * MAX_STALE_MS);
      expect([state(0, 29), state(29, 0)]).toEqual(['alive', 'alive']);
      for (const by of [0, 14, 29]) {
        expect(notes(by).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
      }
    },
  );

  test(
    'MEMBER-12 the dead are forgotten by all after five minutes, and nobody brings them back',
    LONG,
    () => {
      const { cluster, members, states, run, until } = membershipCluster(4);
      run(SETTLED_MS);
      members[3]!.crash();
      for (const other of [0, 1, 2]) cluster.unlink(3, other);
      until(() => states(3).every((state) => state === 'dead'));
      run(FORGET_AFTER_MS + 10_000);
      expect(states(3)).toEqual([undefined, undefined, undefined]);
      run(FORGET_AFTER_MS);
      expect(states(3)).toEqual([undefined, undefined, undefined]);
    },
  );
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
