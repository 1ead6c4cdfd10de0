import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { WINDOW_SAMPLES } from '../../src/clocks/sync-filter.ts';
import type { Delay } from '../../src/network/memory.ts';
import { Random } from '../../src/simulator/random.ts';
import { MAX_TIME_MS } from '../../src/timesync/messages.ts';
import {
  MAX_ASKS_PER_SECOND,
  PERIOD_MS,
  timeSync,
  type TimeSync,
} from '../../src/timesync/time-sync.ts';
import { ANSWER_TIMEOUT_MS } from '../../src/timesync/peer.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { FaultyClocks } from '../support/faulty-clocks.ts';
import { testNodeId } from '../support/node-ids.ts';
import { HOUR } from '../support/true-time.ts';

const MINUTE = 60_000;

/** An hour of virtual time, on a machine that has other work too. */
const LONG_TEST_MS = 30_000;

function syncing(nodes: number, delay: Delay = () => 5, seed = 'sync') {
  const mesh = new FaultyClocks<TimeSync>({
    nodes,
    seed,
    delay,
    protocols: (node) => node.add(timeSync),
  });
  const view = (a: number, b: number) => mesh.members[a]!.protocol.view(mesh.members[b]!.id)!;
  /** How far b's clock truly is ahead of a's. */
  const truth = (a: number, b: number, clock: 'wall' | 'monotonic') =>
    mesh.members[b]![clock].now() - mesh.members[a]![clock].now();
  const notes = (kind: string) =>
    mesh.events.flatMap((event) =>
      event.type === 'note' && event.kind === kind
        ? [{ node: event.node, detail: event.detail }]
        : [],
    );
  return { ...mesh, time: mesh.time, members: mesh.members, mesh, view, truth, notes };
}

/** A school's Wi-Fi: usually a few milliseconds, now and then a queue on one way. */
function wifi(seed: string): Delay {
  const random = new Random(seed);
  return () => 1 + random.next() ** 8 * 150;
}

describe('offset and error', () => {
  test('SYNC-1 equal ways: both clocks of every peer are known to the rounding of a date', () => {
    const { time, members, view, truth } = syncing(3);
    members[1]!.wall.setOffset(-4_321);
    time.runFor(5 * PERIOD_MS);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      // prettier-ignore
      for (const clock of ['wall', 'monotonic'] as const) {
        const { offsetMs, errorMs } = view(a, b)[clock];
        expect(offsetMs).toBeCloseTo(truth(a, b, clock), 2);
        expect(errorMs).toBeGreaterThanOrEqual(5);
        expect(errorMs).toBeLessThan(6);
      }
      expect(view(a, b).delayMs).toBeCloseTo(10, 2);
    }
  });

  test('SYNC-1 all delay on one way: the error that the bound admits is there, and no more', () => {
    const slow = testNodeId(0);
    const { time, view, truth } = syncing(2, (from) => (from === slow ? 80 : 0));
    time.runFor(5 * PERIOD_MS);
    const { offsetMs, errorMs } = view(0, 1).wall;
    const wrong = Math.abs(offsetMs - truth(0, 1, 'wall'));
    expect(wrong).toBeCloseTo(40, 2);
    expect(wrong).toBeLessThanOrEqual(errorMs);
    expect(errorMs).toBeLessThan(41);
  });

  test(
    'SYNC-2 the true offset is inside the error in every look at 20 random meshes',
    () => {
      let looks = 0;
      for (let seed = 0; seed < 20; seed++) {
        const random = new Random(`bounds ${seed}`);
        const { time, members, view, truth } = syncing(3, wifi(`w${seed}`), `bounds ${seed}`);
        const rate = () => (2 * random.next() - 1) * 100;
        for (const { wall } of members) wall.setOffset(random.next() * HOUR);
        for (let step = 0; step < 30; step++) {
          for (const { wall, monotonic } of members) {
            wall.setDriftPpm(rate());
            monotonic.setRatePpm(rate());
          }
          time.runFor(random.next() * 5_000);
          for (const [a, b] of [
            [0, 1],
            [1, 2],
            [2, 0],
          ] as const) {
            // prettier-ignore
            if (members[a]!.protocol.view(members[b]!.id) === undefined) continue;
            for (const clock of ['wall', 'monotonic'] as const) {
              const { offsetMs, errorMs, asAssumed } = view(a, b)[clock];
              looks += 1;
              const wrong = Math.abs(offsetMs - truth(a, b, clock));
              if (wrong > errorMs + 0.002 || !asAssumed) {
                expect.unreachable(`seed ${seed}: ${clock} is off by ${wrong}, said ${errorMs}`);
              }
            }
          }
        }
      }
      expect(looks).toBeGreaterThan(2_500);
    },
    LONG_TEST_MS,
  );

  test('SYNC-2 beyond the assumed drift the bound is broken, and the peer’s clock is said not to be as assumed', () => {
    const network = { delay: 5 };
    const { time, members, view, truth } = syncing(2, () => network.delay);
    time.runFor(10 * PERIOD_MS);
    members[1]!.monotonic.setRatePpm(5_000);
    // From now on every sample is worse than the last good one, which the drift makes wrong.
    network.delay = 100;
    time.runFor((WINDOW_SAMPLES / 2) * PERIOD_MS);
    const { offsetMs, errorMs } = view(0, 1).monotonic;
    expect(Math.abs(offsetMs - truth(0, 1, 'monotonic'))).toBeGreaterThan(errorMs);
    time.runFor(5 * MINUTE);
    expect(view(0, 1).monotonic.asAssumed).toBe(false);
    expect(view(0, 1).wall.asAssumed).toBe(true);
  });

  test('SYNC-3 the sample of least delay beats the mean of all', () => {
    const { time, members, view, truth, notes } = syncing(2, wifi('mean'));
    members[1]!.wall.setOffset(777);
    const errors: number[] = [];
    time.runFor(20 * PERIOD_MS);
    for (let second = 0; second < 600; second++) {
      time.runFor(PERIOD_MS);
      errors.push(Math.abs(view(0, 1).wall.offsetMs - truth(0, 1, 'wall')));
    }
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    // What a single sample would be wrong by: half of the difference of its ways.
    const random = wifi('mean');
    const singles = Array.from({ length: 600 }, () => {
      const [there, back] = [0, 1].map(() => random(testNodeId(0), testNodeId(1), 'datagram', 0));
      return Math.abs(there! - back!) / 2;
    });
    expect(mean(errors)).toBeLessThan(mean(singles) / 5);
    expect(notes('offset').length).toBeGreaterThan(500);
  });
});

describe('the exercise: measure the drift', () => {
  test('SYNC-4 each tab sees the others’ drift in ppm and in ms a day', () => {
    const { time, members, view } = syncing(4, wifi('drift'));
    const ppm = [0, 37, -80, 12];
    members.forEach(({ wall, monotonic }, i) => {
      wall.setDriftPpm(ppm[i]!);
      monotonic.setRatePpm(ppm[i]!);
    });
    time.runFor(10 * MINUTE);
    for (const a of [0, 1, 2, 3]) {
      for (const b of [0, 1, 2, 3].filter((other) => other !== a)) {
        for (const clock of ['wall', 'monotonic'] as const) {
          const { driftPpm, driftMsPerDay, driftErrorPpm } = view(a, b)[clock];
          const wrong = Math.abs(driftPpm! - (ppm[b]! - ppm[a]!));
          expect(wrong).toBeLessThanOrEqual(driftErrorPpm! + 0.02);
          expect(wrong).toBeLessThan(2);
          expect(driftErrorPpm).toBeLessThan(10);
          expect(driftMsPerDay).toBeCloseTo(driftPpm! * 86.4, 6);
        }
      }
    }
  });

  test(
    'SYNC-4 over an hour it is known to half a ppm',
    () => {
      const { time, members, view } = syncing(2, wifi('hour'));
      members[1]!.monotonic.setRatePpm(1.5);
      time.runFor(HOUR);
      const { driftPpm, driftErrorPpm } = view(0, 1).monotonic;
      expect(Math.abs(driftPpm! - 1.5)).toBeLessThan(0.5);
      expect(driftErrorPpm).toBeLessThan(2);
    },
    LONG_TEST_MS,
  );

  test('SYNC-4 a wall clock that drifts alone is seen by the others, and by itself as all others drifting', () => {
    const { time, members, view } = syncing(3);
    members[0]!.wall.setDriftPpm(90);
    time.runFor(5 * MINUTE);
    expect(view(1, 0).wall.driftPpm).toBeCloseTo(90, 1);
    expect(view(1, 0).monotonic.driftPpm).toBeCloseTo(0, 1);
    expect(view(0, 1).wall.driftPpm).toBeCloseTo(-90, 1);
    expect(view(0, 2).wall.driftPpm).toBeCloseTo(-90, 1);
    expect(view(1, 2).wall.driftPpm).toBeCloseTo(0, 1);
  });
});

describe('jumps', () => {
  test('SYNC-5 a peer’s jump is noted, and the offset is right again with its next answer', () => {
    const network = { delay: 5 };
    const { time, members, view, truth, notes } = syncing(2, () => network.delay);
    time.runFor(20 * PERIOD_MS);
    // Every sample from before the jump was better than those that follow.
    network.delay = 50;
    members[1]!.wall.jump(-2_500);
    time.runFor(3 * PERIOD_MS);
    expect(view(0, 1).wall.offsetMs).toBeCloseTo(truth(0, 1, 'wall'), 2);
    const [jump, ...more] = notes('jump');
    expect(more).toEqual([]);
    expect(jump).toMatchObject({
      node: members[0]!.id,
      detail: { peer: members[1]!.id, clock: 'wall', byMs: expect.closeTo(-2_500, 2) },
    });
  });

  test('SYNC-5 a jump of the own wall clock shows at once and spoils nothing', () => {
    const { time, members, view, truth } = syncing(2);
    time.runFor(20 * PERIOD_MS);
    const { samples } = view(0, 1);
    members[0]!.wall.jump(60_000);
    expect(view(0, 1).wall.offsetMs).toBeCloseTo(truth(0, 1, 'wall'), 2);
    expect(view(0, 1).samples).toBe(samples);
    time.runFor(10 * PERIOD_MS);
    expect(view(0, 1).wall.offsetMs).toBeCloseTo(truth(0, 1, 'wall'), 2);
    // After its own jump it measures its own drift anew.
    time.runFor(2 * MINUTE);
    expect(view(0, 1).wall.driftPpm).toBeCloseTo(0, 1);
  });
});

describe('asking', () => {
  const asksOf = (mesh: FaultyClocks<TimeSync>, node: NodeId) =>
    mesh.events.flatMap((event) =>
      event.type === 'send' && event.node === node ? [event.monotonic] : [],
    );

  test('SYNC-6 all are asked in turn, and no second sees more than the named questions', () => {
    const nodes = 2 * MAX_ASKS_PER_SECOND + 1;
    const asker = testNodeId(0);
    // Nobody is heard but the asker, so what it sends are questions.
    const { time, mesh } = syncing(nodes, (from) => (from === asker ? 5 : Infinity));
    // The first gap began when nobody was there yet.
    time.runFor(3.4 * PERIOD_MS);
    const asked = mesh.events.flatMap((event) =>
      event.type === 'send' && event.node === asker ? [event.to] : [],
    );
    expect(new Set(asked).size).toBe(nodes - 1);
    const times = asksOf(mesh, asker);
    for (const from of times) {
      const within = times.filter((at) => at >= from && at < from + 1_000);
      expect(within.length).toBeLessThanOrEqual(MAX_ASKS_PER_SECOND);
    }
  });

  test('SYNC-7 a slow answer is waited for, and measured with its delay', () => {
    const { time, view, truth } = syncing(2, () => 1_200);
    time.runFor(10 * PERIOD_MS);
    const { delayMs, wall } = view(0, 1);
    expect(delayMs).toBeCloseTo(2_400, 2);
    expect(wall.offsetMs).toBeCloseTo(truth(0, 1, 'wall'), 2);
  });

  test('SYNC-7 a lost question is given up after the named time, and its late answer is no measurement', () => {
    const network = { delay: Infinity };
    const { time, members, mesh } = syncing(2, () => network.delay);
    time.runFor(ANSWER_TIMEOUT_MS);
    expect(asksOf(mesh, testNodeId(0))).toHaveLength(1);
    time.runFor(2 * PERIOD_MS);
    expect(asksOf(mesh, testNodeId(0))).toHaveLength(2);
    const { protocol, id } = members[0]!;
    const readings = { received: 0, answered: 0 };
    for (const number of [1, 99]) {
      protocol.receive(testNodeId(1), { type: 'answer', number, monotonic: readings, wall: readings }); // prettier-ignore
    }
    expect(protocol.views()).toEqual([]);
    network.delay = 5;
    time.runFor(ANSWER_TIMEOUT_MS + 2 * PERIOD_MS);
    expect(protocol.views()).toHaveLength(1);
    expect(members[1]!.protocol.view(id)).toBeDefined();
  });

  test('SYNC-7 an answer with times that no clock can have shown is no measurement', () => {
    const { time, members } = syncing(2, () => Infinity);
    time.runFor(2 * PERIOD_MS);
    const { protocol } = members[0]!;
    const impossible = { received: 5, answered: 4 };
    protocol.receive(testNodeId(1), { type: 'answer', number: 1, monotonic: impossible, wall: impossible }); // prettier-ignore
    expect(protocol.views()).toEqual([]);
  });

  test('SYNC-8 what was measured of a peer is forgotten when its link closes', () => {
    const { time, members, mesh } = syncing(2);
    time.runFor(5 * PERIOD_MS);
    mesh.unlink(0, 1);
    time.runFor(0);
    expect(members[0]!.protocol.inspect()).toEqual({ peers: [], following: null });
  });
});

describe('following a peer', () => {
  const START_OFF = 40;

  function following(discipline: 'slew' | 'step') {
    const cluster = syncing(2, wifi('follow'));
    const [own, peer] = cluster.members as [
      (typeof cluster.members)[0],
      (typeof cluster.members)[0],
    ];
    peer.wall.setOffset(START_OFF);
    own.monotonic.setRatePpm(-60);
    own.protocol.follow(peer.id, discipline);
    const shown = () => own.protocol.time()!;
    const wrong = () => shown().reading - peer.wall.now();
    return { ...cluster, own, peer, shown, wrong };
  }

  test('SYNC-9 by stepping it is right with the first answer', () => {
    const { time, wrong, shown } = following('step');
    expect(wrong()).toBe(-START_OFF);
    time.runFor(3 * PERIOD_MS);
    expect(Math.abs(wrong())).toBeLessThan(5);
    expect(shown().pendingMs).toBe(0);
  });

  test('SYNC-9 by slewing it never goes back and is right in the end', () => {
    const { time, peer, wrong, shown } = following('slew');
    time.runFor(3 * PERIOD_MS);
    expect(wrong()).toBeLessThan(-START_OFF / 2);
    expect(shown().pendingMs).toBeGreaterThan(START_OFF / 2);
    time.runFor(3 * MINUTE);
    expect(Math.abs(wrong())).toBeLessThan(5);
    peer.wall.jump(-50);
    for (let before = shown().reading, i = 0; i < 300; i++) {
      time.runFor(PERIOD_MS);
      expect(shown().reading).toBeGreaterThan(before);
      before = shown().reading;
    }
    expect(Math.abs(wrong())).toBeLessThan(5);
  });

  test('SYNC-9 the peer’s time is inside the interval, which grows when the link is gone', () => {
    const { time, mesh, peer, shown } = following('step');
    const inside = () => {
      const { earliest, latest } = shown();
      const now = peer.wall.now();
      expect(earliest! - 0.002 <= now && now <= latest! + 0.002).toBe(true);
      return latest! - earliest!;
    };
    expect(shown()).toMatchObject({ earliest: null, latest: null });
    time.runFor(10 * PERIOD_MS);
    for (let i = 0; i < 100; i++) {
      time.runFor(700);
      expect(inside()).toBeLessThan(20);
    }
    mesh.unlink(0, 1);
    const before = inside();
    time.runFor(HOUR);
    // An hour at 100 ppm, on either side.
    expect(inside() - before).toBeCloseTo(2 * 360, 0);
  });

  test('SYNC-9 after a jump of the followed clock the interval is about the new time', () => {
    const { time, peer, shown } = following('step');
    time.runFor(10 * PERIOD_MS);
    peer.wall.jump(HOUR);
    time.runFor(3 * PERIOD_MS);
    const { earliest, latest } = shown();
    expect(earliest! <= peer.wall.now() && peer.wall.now() <= latest!).toBe(true);
  });

  test('SYNC-9 after a commit wait the moment is past on the followed clock', () => {
    const { time, own, peer, shown } = following('step');
    expect(own.protocol.commitWait(0)).toBe(Infinity);
    time.runFor(10 * PERIOD_MS);
    const until = shown().latest!;
    time.runFor(own.protocol.commitWait(until) / (1 - 60e-6));
    expect(peer.wall.now()).toBeGreaterThan(until);
    own.protocol.unfollow();
    expect(own.protocol.time()).toBeNull();
    expect(own.protocol.commitWait(until)).toBe(Infinity);
  });
});

describe('messages', () => {
  const time = { received: 1, answered: 2 };
  test.each([
    ['an unknown type', { type: 'tell', number: 1 }],
    ['a number that is none', { type: 'ask', number: 0.5 }],
    ['no times', { type: 'answer', number: 1, monotonic: time }],
    ['a time that is not finite', { type: 'answer', number: 1, monotonic: time, wall: { ...time, answered: Infinity } }],
    ['a time that is NaN', { type: 'answer', number: 1, monotonic: { ...time, received: NaN }, wall: time }],
    ['a time beyond all dates', { type: 'answer', number: 1, monotonic: time, wall: { ...time, received: -2 * MAX_TIME_MS } }],
  ])('SYNC-7 with %s fail the schema', (_what, message) => {
    expect(v.is(timeSync.schema, message)).toBe(false);
    expect(v.is(timeSync.schema, { type: 'answer', number: 1, monotonic: time, wall: time })).toBe(true);
  }); // prettier-ignore
});
