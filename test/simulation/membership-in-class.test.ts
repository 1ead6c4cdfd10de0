import { describe, expect, test } from 'vitest';
import { DETECTORS, type DetectorName } from '../../src/network/room-choices.ts';
import { Random } from '../../src/simulator/random.ts';
import { membershipCluster } from '../support/membership-cluster.ts';

/** Eight tabs of a class that is a full mesh, on a Wi-Fi. */
const NODES = 8;
const LAN = { minDelayMs: 5, maxDelayMs: 30, lateMs: 15 };

/** Hundreds of runs, on a machine that has other work too. */
const LONG_TEST_MS = 60_000;

/** A class that has been together for some seconds, and who will be hit at which moment. */
function settled(seed: number, detector?: DetectorName) {
  const random = new Random(`class ${seed}`);
  const room = membershipCluster(NODES, { ...LAN, seed, ...(detector && { detector }) });
  room.run(5_000 + random.next() * 2_000);
  const hit = random.below(NODES);
  return { ...room, hit };
}

/** Kills a node; 50 ms later the server says so to all others. How long until it is dead to all. */
function killed(seed: number, detector?: DetectorName): number {
  const { members, cluster, hit, until, states } = settled(seed, detector);
  members[hit]!.crash();
  cluster.time.after(50, () => {
    for (const { responsive, node, protocols } of members) {
      if (responsive) node.step(() => protocols.witnessedGone(members[hit]!.id));
    }
  });
  return until(() => states(hit).every((state) => state === 'dead'));
}

describe('a tab that is killed, and that the server saw go', () => {
  test(
    'MEMBER-8 is dead in all others within 1.5 s, in each of 200 seeds',
    { timeout: LONG_TEST_MS },
    () => {
      const took = Array.from({ length: 200 }, (_, seed) => killed(seed));
      expect(Math.max(...took)).toBeLessThan(1_500);
    },
  );

  test.each(DETECTORS)('MEMBER-8 whichever detector is chosen: %s', (detector) => {
    const took = Array.from({ length: 25 }, (_, seed) => killed(seed, detector));
    expect(Math.max(...took)).toBeLessThan(1_500);
  });
});

describe('a tab that is suspended for 3 s', () => {
  test(
    'MEMBER-7 is suspected, never dead, and alive to all within a second, in each of 200 seeds',
    { timeout: LONG_TEST_MS },
    () => {
      for (let seed = 0; seed < 200; seed++) {
        const { members, hit, run, until, states, notes } = settled(seed);
        members[hit]!.pause();
        run(3_000);
        expect(states(hit)).toEqual(Array.from({ length: NODES - 1 }, () => 'suspect'));
        members[hit]!.resume();
        until(() => states(hit).every((state) => state === 'alive'), 1_000);
        run(10_000);
        for (let by = 0; by < NODES; by++) {
          const verdicts = notes(by).flatMap(({ verdict }) =>
            verdict === 'alive' ? [] : [verdict],
          );
          expect(verdicts).toEqual(by === hit ? [] : ['suspect']);
        }
      }
    },
  );
});

describe('ten quiet minutes', () => {
  test.each(DETECTORS)(
    'FD-2 with 2 %% of datagrams lost and stalls of 300 ms nobody is suspected: %s',
    { timeout: LONG_TEST_MS },
    (detector) => {
      const { members, cluster, run, notes } = membershipCluster(NODES, {
        ...LAN,
        seed: 1,
        loss: 0.02,
        detector,
      });
      const random = new Random('stalls');
      const stall = () => {
        const machine = members[random.below(NODES)]!;
        machine.pause();
        cluster.time.after(300, () => machine.resume());
        cluster.time.after(1_000 + random.next() * 4_000, stall);
      };
      cluster.time.after(2_000, stall);
      run(600_000);
      for (let by = 0; by < NODES; by++) {
        expect(notes(by).filter(({ verdict }) => verdict !== 'alive')).toEqual([]);
      }
    },
  );
});
