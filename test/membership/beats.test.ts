import { describe, expect, test } from 'vitest';
import { BEAT_MS, JITTER, MAX_BEATS_PER_SECOND, beatEveryMs } from '../../src/membership/pace.ts';
import { DETECTORS } from '../../src/network/room-choices.ts';
import { membershipCluster, type Said } from '../support/membership-cluster.ts';

const beatsOf = (said: readonly Said[], from: number) =>
  said.filter((each) => each.from === from && each.message.type === 'beat');

describe('beats', () => {
  test('MEMBER-1 go to every neighbour every 200 ms and up to a tenth more', () => {
    const { said, run } = membershipCluster(4);
    run(10_000);
    for (const to of [1, 2, 3]) {
      const times = beatsOf(said, 0).flatMap((each) => (each.to === to ? [each.at] : []));
      const gaps = times.slice(1).map((time, i) => time - times[i]!);
      expect(gaps.length).toBeGreaterThan(40);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(BEAT_MS);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(BEAT_MS * (1 + JITTER));
      expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(5);
    }
  });

  test.each([8, 13, 32])(
    'MEMBER-1 with %i nodes no second sees more than 60 of a node',
    (nodes) => {
      const { said, run } = membershipCluster(nodes);
      run(4_000);
      const perSecond = new Map<number, number>();
      for (const { at } of beatsOf(said, 0)) {
        const second = Math.floor(at / 1_000);
        perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
      }
      expect(perSecond.size).toBeGreaterThanOrEqual(4);
      // All of a round leave at once, so one round more may fall into any time.
      const most = (seconds: number) => MAX_BEATS_PER_SECOND * seconds + nodes - 1;
      expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(most(1));
      expect(beatsOf(said, 0).length).toBeLessThanOrEqual(most(4));
    },
  );

  test('MEMBER-1 say how often they come', () => {
    expect([0, 7, 12, 24].map(beatEveryMs)).toEqual([200, 200, 12_000 / 36, 24_000 / 36]);
    const { said, run } = membershipCluster(25);
    run(1_000);
    expect(beatsOf(said, 0).at(-1)!.message).toMatchObject({ everyMs: beatEveryMs(24) });
  });
});

describe('round trips', () => {
  test('MEMBER-2 every neighbour’s is known soon, without a question', () => {
    const { members, run } = membershipCluster(5, { minDelayMs: 20, maxDelayMs: 20 });
    run(1_000);
    for (const { rttMs } of members[0]!.protocols.members()) expect(rttMs).toBeCloseTo(40, 6);
  });

  test('MEMBER-2 it is the last one that is shown', () => {
    const { members, cluster, view, run } = membershipCluster(2);
    run(2_000);
    expect(view(0, 1)!.rttMs).toBeCloseTo(10, 6);
    cluster.setRules([{ from: members[0]!.id, to: members[1]!.id, latencyMs: 100 }]);
    run(1_000);
    expect(view(0, 1)!.rttMs).toBeCloseTo(110, 6);
  });

  test('MEMBER-2 neither clock’s zero or rate matters', () => {
    const { members, view, run } = membershipCluster(2, { minDelayMs: 50, maxDelayMs: 50 });
    members[1]!.drift(50_000);
    run(5_000);
    // The time that a beat lay at the other end is told in that one's seconds, 5 % too many.
    expect(Math.abs(view(0, 1)!.rttMs! - 100)).toBeLessThan(0.05 * (BEAT_MS * (1 + JITTER)));
  });

  test('MEMBER-2 a pause of its own is in no round trip', () => {
    const { members, view, run } = membershipCluster(2);
    run(2_000);
    members[0]!.pause();
    run(1_000);
    members[0]!.resume();
    for (let i = 0; i < 100; i++) {
      run(10);
      expect(view(0, 1)!.rttMs).toBeCloseTo(10, 6);
    }
  });
});

describe('the detectors', () => {
  test('FD-1 all four see the same at the same time, the chosen one first', () => {
    const { members, run, network } = membershipCluster(2, { detector: 'phi' });
    const workings = () => members[0]!.protocols.workings(members[1]!.id);
    run(10_000);
    expect(workings().map(({ detector }) => detector)).toEqual([
      'phi',
      'swim',
      'adaptive',
      'fixed',
    ]);
    expect(workings().map(({ suspects }) => suspects)).toEqual([false, false, false, false]);
    network.swallows = (from) => from === 1;
    run(2_500);
    expect(workings().map(({ suspects }) => suspects)).toEqual([true, true, true, true]);
    expect(members[0]!.protocols.workings(members[0]!.id)).toEqual([]);
  });

  test.each(DETECTORS)('FD-1 the one that is used decides, from the moment on: %s', (detector) => {
    const { members, run, network, state, until } = membershipCluster(3);
    run(5_000);
    const { protocols } = members[0]!;
    protocols.use(detector);
    network.swallows = (from) => from === 1;
    until(() => state(0, 1) === 'suspect');
    const [first] = protocols.workings(members[1]!.id);
    expect([first!.detector, first!.suspects]).toEqual([detector, true]);
  });

  test('FD-6 only beats are learnt as gaps', () => {
    const { members, run } = membershipCluster(2);
    run(10_000);
    const phi = members[0]!.protocols
      .workings(members[1]!.id)
      .find(({ detector }) => detector === 'phi')!;
    // Pings and answers came in between, four times a second.
    expect(Math.min(...phi.gaps)).toBeGreaterThanOrEqual(BEAT_MS);
  });
});
