import { beforeEach, describe, expect, test } from 'vitest';
import { BEAT_MS, PATIENCE_MS, SPREAD_MS } from '../../src/election/naive.ts';
import { ElectionClass } from '../support/election-class.ts';
import { DELAY_MS } from '../support/ranked-class.ts';

/** Whoever has not crowned itself by then does not. */
const SOON = PATIENCE_MS + SPREAD_MS + 2 * DELAY_MS;

let mesh: ElectionClass;
beforeEach(() => {
  mesh = new ElectionClass();
  mesh.switchTo('naive');
  mesh.runFor(2 * DELAY_MS);
});

/** It leads from now on, and all follow it. */
function crowned(): number {
  const leader = mesh.untilAgreed();
  mesh.runFor(BEAT_MS);
  return leader!;
}

/** All of the class but these. */
const others = (...left: number[]) => mesh.ranks.filter((rank) => !left.includes(rank));

describe('a leader', () => {
  test('NAIVE-1 beats every 300 ms to all neighbours', () => {
    const leader = crowned();
    const before = mesh.sent(leader);
    const followers = others(leader).map((rank) => mesh.sent(rank));
    mesh.runFor(10 * BEAT_MS);
    const [retold, beats] = [2, 10 * 4];
    expect(mesh.sent(leader) - before - beats).toBeLessThanOrEqual(retold);
    expect(mesh.sent(leader) - before).toBeGreaterThanOrEqual(beats);
    others(leader).forEach((rank, i) =>
      expect(mesh.sent(rank) - followers[i]!).toBeLessThanOrEqual(retold),
    );
  });

  test('NAIVE-2 crowns itself after a silence of 900 to 1,200 ms', () => {
    const after = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const alone = new ElectionClass({ nodes: 1, seed });
      alone.switchTo('naive');
      alone.runFor(PATIENCE_MS - 1);
      expect(alone.leaders()).toEqual([]);
      let waited = PATIENCE_MS - 1;
      for (; alone.leaders().length === 0; waited += 10) alone.runFor(10);
      expect(waited).toBeLessThanOrEqual(PATIENCE_MS + SPREAD_MS + 10);
      after.add(waited);
    }
    expect(after.size).toBeGreaterThan(10);
  });

  test('NAIVE-3 steps down for a higher id and not for a lower one', () => {
    mesh.split([0, 1]);
    mesh.runFor(SOON);
    const [low, high] = mesh.leaders().sort((a, b) => a - b);
    mesh.heal();
    mesh.runFor(BEAT_MS + 2 * DELAY_MS);
    expect([mesh.leaders(), low! < high!]).toEqual([[high], true]);
    expect(mesh.notes('role', high).filter(({ detail }) => detail['role'] === 'leader').length).toBe(1); // prettier-ignore
  });
});

describe('a follower', () => {
  test('NAIVE-4 turns to a lower leader once its own has been silent for 900 ms', () => {
    mesh.split([0, 1]);
    mesh.runFor(SOON);
    const [low, high] = mesh.leaders().sort((a, b) => a - b) as [number, number];
    const follower = others(0, 1, high)[0]!;
    // It hears both; they do not hear each other.
    mesh.heal();
    mesh.deafen(low, high);
    mesh.deafen(high, low);
    mesh.runFor(5 * BEAT_MS);
    expect(mesh.believed([follower])).toEqual([high]);
    mesh.deafen(high, follower);
    mesh.runFor(PATIENCE_MS - BEAT_MS - 2 * DELAY_MS);
    expect(mesh.believed([follower])).toEqual([high]);
    mesh.runFor(2 * BEAT_MS + 2 * DELAY_MS);
    expect(mesh.believed([follower])).toEqual([low]);
  });

  test('NAIVE-5 learns from a beat how many crowns there were', () => {
    const first = crowned();
    mesh.crash(first);
    const second = mesh.untilAgreed(others(first))!;
    expect(mesh.standings().filter((_, rank) => rank !== first).map(({ term }) => term)).toEqual([2, 2, 2, 2]); // prettier-ignore
    mesh.restart(first);
    mesh.runFor(SOON);
    expect(mesh.state(first)).toMatchObject({ term: 2, leader: mesh.machine(second).id });
  });
});

describe('what it gets wrong', () => {
  test('NAIVE-6 each part of a split mesh crowns a leader; healed, the higher one is left', () => {
    const leader = crowned();
    const part = others(leader).slice(0, 2);
    mesh.split(part);
    mesh.runFor(SOON);
    const [theirs] = mesh.leaders(part);
    expect(mesh.leaders(others(...part))).toEqual([leader]);
    expect(mesh.agreed(part)).toBe(theirs);
    mesh.heal();
    mesh.runFor(BEAT_MS + 2 * DELAY_MS);
    expect(mesh.agreed()).toBe(Math.max(leader, theirs!));
  });

  test('NAIVE-6 so does one that is cut off alone', () => {
    const leader = crowned();
    const lonely = others(leader)[0]!;
    mesh.split([lonely]);
    mesh.runFor(SOON);
    expect(mesh.leaders().sort()).toEqual([leader, lonely].sort());
  });

  test('NAIVE-7 who cannot hear a higher leader leads beside it for as long, though it is heard by all', () => {
    mesh.split([mesh.highest]);
    mesh.runFor(SOON);
    mesh.heal();
    mesh.runFor(2 * BEAT_MS);
    expect(mesh.agreed()).toBe(mesh.highest);
    const deaf = 1;
    mesh.deafen(mesh.highest, deaf);
    mesh.runFor(60_000);
    expect(mesh.leaders()).toEqual([deaf, mesh.highest]);
    expect(new Set(mesh.believed(others(deaf)))).toEqual(new Set([mesh.highest]));
    mesh.heal();
    mesh.runFor(2 * BEAT_MS);
    expect(mesh.agreed()).toBe(mesh.highest);
  });
});
