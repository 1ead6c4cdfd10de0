import { describe, expect, test } from 'vitest';
import { ALGORITHMS_HERE } from '../../src/election/algorithms.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';
import { mute, watched } from '../support/election-algorithms.ts';
import { ElectionClass } from '../support/election-class.ts';

/** What every way to elect must pass: ELECT-10 to ELECT-15. */

/** By then every one of them has a leader, in a class whose links are quick. */
const SOON: Milliseconds = 5_000;

const NODES = 5;
const SEEDS = Array.from({ length: 8 }, (_, seed) => seed);

/** A class that has just switched, and everybody knows. */
function classOf(algorithm: AlgorithmName, seed: number): ElectionClass {
  const mesh = new ElectionClass({ nodes: NODES, seed });
  mesh.switchTo(algorithm, seed % NODES);
  mesh.runFor(50);
  return mesh;
}

const without = (mesh: ElectionClass, ...gone: number[]) =>
  mesh.ranks.filter((rank) => !gone.includes(rank));

describe.each(ALGORITHMS_HERE.map((one) => [one.name, one] as const))('%s', (algorithm, one) => {
  test.each(SEEDS)('ELECT-10 in a quiet mesh all come to hold one for leader (seed %i)', (seed) => {
    const mesh = classOf(algorithm, seed);
    const leader = mesh.untilAgreed(mesh.ranks, SOON);
    expect(leader).not.toBeNull();
    mesh.runFor(SOON);
    const { term } = mesh.state(leader!);
    const noted = mesh.notes('role').length;
    mesh.runFor(60_000);
    expect(mesh.agreed()).toBe(leader);
    expect(mesh.state(leader!).term).toBe(term);
    expect(mesh.notes('role').length).toBe(noted);
    expect(term).toBeGreaterThan(0);
  });

  test.each(SEEDS)('ELECT-11 when the leader crashes, another comes to lead (seed %i)', (seed) => {
    const mesh = classOf(algorithm, seed);
    const first = mesh.untilAgreed(mesh.ranks, SOON)!;
    mesh.runFor(SOON);
    mesh.crash(first);
    const left = without(mesh, first);
    const second = mesh.untilAgreed(left, SOON);
    expect(left).toContain(second);
    expect(mesh.state(second!).term).toBeGreaterThan(mesh.state(first).term);
    mesh.restart(first);
    expect(mesh.untilAgreed(mesh.ranks, SOON)).not.toBeNull();
  });

  test.each(SEEDS)(
    'ELECT-12 a split mesh ends with one leader once it is healed (seed %i)',
    (seed) => {
      const mesh = classOf(algorithm, seed);
      mesh.untilAgreed(mesh.ranks, SOON);
      mesh.runFor(SOON);
      mesh.split([seed % NODES, (seed + 2) % NODES]);
      mesh.runFor(SOON);
      mesh.heal();
      expect(mesh.untilAgreed(mesh.ranks, SOON)).not.toBeNull();
      mesh.runFor(SOON);
      expect(mesh.agreed()).not.toBeNull();
    },
  );

  test('ELECT-13 after it was stopped it says nothing and waits for nothing', () => {
    const other = mute(algorithm === 'naive' ? 'bully' : 'naive');
    for (const seed of SEEDS) {
      const { algorithm: observed, left } = watched(one);
      const mesh = new ElectionClass({ nodes: NODES, seed, algorithms: [observed, other] });
      mesh.switchTo(algorithm);
      // In whatever stage it is then; with a leader, and without.
      mesh.runFor(600 + seed * 400);
      if (seed % 2 === 1) mesh.split([mesh.leaders()[0] ?? 1]);
      mesh.runFor(seed * 173);
      expect(left().waits).toBeGreaterThan(0);
      for (const rank of mesh.ranks) mesh.switchTo(other.name, rank);
      mesh.runFor(SOON);
      expect(left()).toEqual({ waits: 0, saidAfterwards: 0 });
    }
  });

  test.each([1, 2, 3])('ELECT-14 k times as slow, it takes k times as long (seed %i)', (seed) => {
    const waits = [1, 4, 20].map((electionSlowness) => {
      const room = { election: null, electionSlowness, electionVoters: null };
      const mesh = new ElectionClass({ nodes: NODES, seed, room });
      mesh.switchTo(algorithm, seed);
      const first = mesh.untilAgreed(mesh.ranks, SOON * electionSlowness)!;
      mesh.runFor(SOON * electionSlowness);
      const crashedAt = mesh.cluster.time.now();
      mesh.crash(first);
      mesh.untilAgreed(without(mesh, first), SOON * electionSlowness);
      return (mesh.cluster.time.now() - crashedAt) / electionSlowness;
    });
    // Links are no slower, and where the beats just were makes a difference.
    for (const wait of waits) expect(Math.abs(wait - waits[0]!)).toBeLessThan(1_500);
    expect(Math.min(...waits)).toBeGreaterThan(100);
  });

  test('ELECT-15 what a node slept through is no silence of the leader’s', () => {
    for (const seed of SEEDS) {
      const mesh = classOf(algorithm, seed);
      const leader = mesh.untilAgreed(mesh.ranks, SOON)!;
      mesh.runFor(SOON);
      const sleeper = without(mesh, leader)[seed % (NODES - 1)]!;
      const noted = mesh.notes('role').length;
      mesh.sleep(sleeper, 8_000);
      mesh.runFor(SOON);
      expect(mesh.agreed()).toBe(leader);
      expect(mesh.notes('role').length).toBe(noted);
    }
  });
});
