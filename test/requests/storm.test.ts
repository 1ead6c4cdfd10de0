import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../src/requests/policy.ts';
import { storm, stormyRoom } from '../bench/theory/storm.ts';

describe('a room that calls one node, which is frozen for five seconds', () => {
  test('REQ-15 naive: it never comes back, though nothing is wrong any more', () => {
    const { offered, goodputBefore, goodputAfter, amplification } = storm({ policy: 'naive' });
    expect(goodputBefore).toBeGreaterThan(0.95 * offered);
    expect(goodputAfter).toBeLessThan(0.01 * offered);
    expect(amplification).toBeGreaterThan(0.9 * POLICIES.naive.attempts);
  });

  test.each(['careful', 'none'] as const)('REQ-15 %s: it comes back by itself', (policy) => {
    const { offered, goodputDuring, goodputAfter, amplification } = storm({ policy });
    expect(goodputDuring).toBe(0);
    expect(goodputAfter).toBeGreaterThan(0.95 * offered);
    expect(amplification).toBeLessThan(1.05);
  });
});

/** Of all callers, in the second before. */
function goodput({ cluster, seconds }: ReturnType<typeof stormyRoom>): number {
  cluster.time.runFor(1_000);
  const since = cluster.time.now() - 1_000;
  return seconds()
    .filter(({ at }) => at > since)
    .reduce((sum, { answered }) => sum + answered, 0);
}

test('REQ-14, 15 a room that has collapsed recovers when it is told to retry with care', () => {
  const room = stormyRoom('naive');
  const { cluster, service, choose } = room;
  cluster.time.runFor(5_000);
  service.pause();
  cluster.time.runFor(5_000);
  service.resume();
  cluster.time.runFor(30_000);
  expect(goodput(room)).toBeLessThan(2);
  choose('careful');
  cluster.time.runFor(10_000);
  expect(goodput(room)).toBeGreaterThan(25);
});

test('REQ-14 the chosen node serves, all others call it, each as often as was chosen', () => {
  const room = stormyRoom('careful');
  const { cluster, service, callers, seconds } = room;
  cluster.time.runFor(60_500);
  const offered = callers.map(({ protocols }) =>
    protocols.seconds().reduce((sum, second) => sum + second.offered, 0),
  );
  for (const calls of offered) expect(Math.abs(calls - 300)).toBeLessThan(15);
  const sum = (what: 'offered' | 'served') =>
    service.protocols.seconds().reduce((total, second) => total + second[what], 0);
  expect([sum('offered'), sum('served') > 2_000]).toEqual([0, true]);

  for (const { protocols } of cluster.members)
    protocols.use({ service: null, callsPerSecond: 5, retries: 'careful' });
  cluster.time.runFor(5_000);
  const told = seconds().length;
  expect(cluster.time.runUntilQuiet(60_000)).toBe(true);
  expect(seconds().length).toBe(told);
});

test('REQ-14 a node that begins a life after the choice takes part', () => {
  const { cluster, choose, seconds } = stormyRoom('careful');
  cluster.members[1]!.crash();
  cluster.restart(1, true);
  choose('careful');
  cluster.time.runFor(5_000);
  expect(cluster.members[1]!.protocols.seconds().length).toBeGreaterThan(2);
  expect(seconds().length).toBeGreaterThan(2);
});
