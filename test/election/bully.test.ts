import { beforeEach, describe, expect, test } from 'vitest';
import { ANSWER_MS, BEAT_MS, CORONATION_MS, PATIENCE_MS } from '../../src/election/bully.ts';
import { ElectionClass } from '../support/election-class.ts';
import { DELAY_MS } from '../support/ranked-class.ts';

/** One that asks, is not answered and leads, and is heard. */
const SOON = PATIENCE_MS + ANSWER_MS + 4 * DELAY_MS;

let mesh: ElectionClass;
/** By rank, the lowest first. */
const [LOWEST, LOW, MIDDLE, SECOND, HIGHEST] = [0, 1, 2, 3, 4];

beforeEach(() => {
  mesh = new ElectionClass();
  mesh.switchTo('bully');
  expect(mesh.untilAgreed()).toBe(HIGHEST);
});

const role = (rank: number) => mesh.state(rank).role;
const crowns = (rank: number) =>
  mesh.notes('role', rank).filter(({ detail }) => detail['role'] === 'leader').length;

describe('an election', () => {
  test('BULLY-1 begins when no leader is heard for 1,000 ms', () => {
    mesh.crash(HIGHEST);
    mesh.runFor(PATIENCE_MS - BEAT_MS - DELAY_MS);
    expect(mesh.believed([LOWEST, SECOND])).toEqual([HIGHEST, HIGHEST]);
    mesh.runFor(BEAT_MS + 2 * DELAY_MS);
    expect(role(SECOND)).toBe('candidate');
  });

  test('BULLY-2 is won by whoever is not answered for 500 ms; then it beats', () => {
    mesh.crash(HIGHEST);
    mesh.runFor(SOON);
    expect(mesh.agreed([LOWEST, LOW, MIDDLE, SECOND])).toBe(SECOND);
    const before = mesh.sent(SECOND);
    mesh.runFor(10 * BEAT_MS);
    expect(mesh.sent(SECOND) - before).toBeGreaterThanOrEqual(40);
    expect(crowns(SECOND)).toBe(1);
  });

  test('BULLY-2 is won at once where nobody is higher', () => {
    const alone = new ElectionClass({ nodes: 1 });
    alone.switchTo('bully');
    alone.runFor(PATIENCE_MS);
    expect(alone.leaders()).toEqual([0]);
  });

  test('BULLY-3 begins again if whoever answered does not come to lead within 1,000 ms', () => {
    mesh.crash(HIGHEST);
    mesh.runFor(PATIENCE_MS + 3 * DELAY_MS);
    expect(role(LOWEST)).toBe('candidate');
    // They have answered it.
    for (const rank of [LOW, MIDDLE, SECOND]) mesh.crash(rank);
    mesh.runFor(CORONATION_MS - 3 * DELAY_MS);
    expect(mesh.leaders()).toEqual([]);
    mesh.runFor(ANSWER_MS + 4 * DELAY_MS);
    expect(mesh.leaders()).toEqual([LOWEST]);
  });

  test('BULLY-4 asked by a lower one, a leader says again that it leads, and stays', () => {
    mesh.split([LOWEST]);
    mesh.runFor(PATIENCE_MS + 2 * DELAY_MS);
    mesh.heal();
    mesh.runFor(ANSWER_MS);
    expect(mesh.agreed()).toBe(HIGHEST);
    expect(crowns(HIGHEST)).toBe(1);
  });

  test('BULLY-4 asked by a lower one, a follower asks in its turn', () => {
    mesh.deafen(HIGHEST, LOWEST);
    mesh.runFor(PATIENCE_MS + BEAT_MS);
    const asked = mesh.notes('role', MIDDLE).map(({ detail }) => detail['role']);
    expect(asked).toContain('candidate');
  });
});

describe('a leader', () => {
  test('BULLY-5 with a higher id is followed at once', () => {
    mesh.split([HIGHEST]);
    mesh.runFor(SOON);
    expect(mesh.leaders()).toEqual([SECOND, HIGHEST]);
    mesh.heal();
    mesh.runFor(BEAT_MS + DELAY_MS);
    expect(mesh.agreed()).toBe(HIGHEST);
  });

  test('BULLY-5 of two, the higher one counts until it is silent', () => {
    mesh.deafen(HIGHEST, SECOND);
    mesh.runFor(SOON + BEAT_MS);
    expect(mesh.leaders()).toEqual([SECOND, HIGHEST]);
    const before = mesh.notes('role', LOWEST).length;
    mesh.runFor(10_000);
    expect(mesh.believed([LOWEST, LOW])).toEqual([HIGHEST, HIGHEST]);
    expect(mesh.notes('role', LOWEST)).toHaveLength(before);
    mesh.crash(HIGHEST);
    mesh.runFor(SOON + BEAT_MS);
    expect(mesh.agreed([LOWEST, LOW, MIDDLE, SECOND])).toBe(SECOND);
  });

  test('BULLY-6 with a lower id is thrown over by a higher one that comes', () => {
    mesh.crash(HIGHEST);
    mesh.runFor(SOON);
    expect(mesh.agreed([LOWEST, LOW, MIDDLE, SECOND])).toBe(SECOND);
    mesh.restart(HIGHEST);
    mesh.runFor(BEAT_MS + 3 * DELAY_MS);
    expect(mesh.agreed()).toBe(HIGHEST);
  });
});

describe('what it gets wrong', () => {
  test('BULLY-7 each part of a split mesh is led by its highest', () => {
    mesh.split([LOWEST, MIDDLE]);
    mesh.runFor(SOON);
    expect(mesh.believed()).toEqual([MIDDLE, HIGHEST, MIDDLE, HIGHEST, HIGHEST]);
    expect(mesh.leaders()).toEqual([MIDDLE, HIGHEST]);
  });

  test('BULLY-8 the second highest, deaf to the highest, leads beside it for as long', () => {
    mesh.deafen(HIGHEST, SECOND);
    mesh.runFor(60_000);
    expect(mesh.leaders()).toEqual([SECOND, HIGHEST]);
    expect(mesh.believed([LOWEST, LOW, MIDDLE])).toEqual([HIGHEST, HIGHEST, HIGHEST]);
    mesh.heal();
    mesh.runFor(BEAT_MS + DELAY_MS);
    expect(mesh.agreed()).toBe(HIGHEST);
  });

  test('BULLY-9 a lower one, deaf to the highest, asks for ever and drags others in', () => {
    mesh.deafen(HIGHEST, LOWEST);
    mesh.runFor(10_000);
    const before = mesh.ranks.map((rank) => mesh.notes('role', rank).length);
    mesh.runFor(60_000);
    const changes = mesh.ranks.map((rank) => mesh.notes('role', rank).length - before[rank]!);
    expect(role(LOWEST)).toBe('candidate');
    expect(crowns(LOWEST)).toBe(0);
    expect(mesh.leaders()).toEqual([HIGHEST]);
    for (const rank of [LOW, MIDDLE, SECOND]) expect(changes[rank]).toBeGreaterThan(60);
    mesh.heal();
    mesh.runFor(2 * BEAT_MS);
    expect(mesh.agreed()).toBe(HIGHEST);
  });

  test('BULLY-10 one that hears nobody leads, and nobody believes it', () => {
    for (const rank of mesh.ranks) if (rank !== LOW) mesh.deafen(rank, LOW);
    mesh.runFor(10_000);
    expect(mesh.leaders()).toEqual([LOW, HIGHEST]);
    expect(mesh.believed([LOWEST, MIDDLE, SECOND])).toEqual([HIGHEST, HIGHEST, HIGHEST]);
  });
});
