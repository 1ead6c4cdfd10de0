import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../../../src/coordination/lock/acquisition.ts';
import { DELAY_MS, LockRig } from './rig.ts';

const LEASE_MS = 1_000;
const lease = { leaseMs: LEASE_MS };

/** Longer than a watcher waits for a lease that nobody renews. */
const OVER_MS = 2 * LEASE_MS;

const held = (token: number) => [{ ok: true, token }];

describe('who holds', () => {
  test('LOCK-1 every acquisition has a higher token, and a release takes none back', () => {
    const rig = new LockRig();
    expect(rig.held(0)).toBe(1);
    rig.release(0, 1);
    rig.runFor(100);
    expect(rig.held(1)).toBe(2);
    rig.cluster.members[1]!.crash();
    expect(rig.acquire(2)).toEqual([]);
    rig.runFor(10_000);
    expect(rig.notes('held').map(({ detail }) => detail['token'])).toEqual([1, 2, 3]);
  });

  test('LOCK-2 of those that ask at once one gets it, and the others hear who holds', () => {
    const rig = new LockRig();
    const ends = [0, 1, 2].map((index) => rig.acquire(index, { ...lease, waitMs: 500 }));
    rig.runFor(1_000);
    const [holder] = rig.holders();
    expect(rig.holders()).toHaveLength(1);
    ends.forEach((end, index) =>
      expect(end).toEqual(
        index === holder
          ? held(1)
          : [
              {
                ok: false,
                reason: 'held',
                why: `${rig.idOf(holder!)} holds the lock with token 1.`,
              },
            ],
      ),
    );
  });

  test('LOCK-3 as long as it is renewed nobody takes it away', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    const ends = rig.acquire(1, { waitMs: 10 * LEASE_MS });
    rig.runFor(9 * LEASE_MS);
    expect([ends, rig.holders()]).toEqual([[], [0]]);
    rig.runFor(2 * LEASE_MS);
    expect(ends).toMatchObject([{ reason: 'held' }]);
  });

  test('LOCK-3 a lease that is renewed no more is taken away, but not before it is over for sure', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.cluster.members[0]!.crash();
    const ends = rig.acquire(1, lease);
    rig.runFor(LEASE_MS * PATIENCE);
    expect(ends).toEqual([]);
    rig.runFor(LEASE_MS / 2);
    expect([ends, rig.holders()[0]]).toEqual([held(2), 1]);
  });

  test('LOCK-3 nor does it stay with the dead where all others only look in, and wait for nothing', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.cluster.members[0]!.crash();
    const looksIn = () => {
      const ends = rig.acquire(1, { ...lease, waitMs: 0 });
      rig.runFor(LEASE_MS / 4);
      return ends[0];
    };
    const before = Array.from({ length: 4 }, looksIn);
    expect(before).toEqual(before.map(() => expect.objectContaining({ reason: 'held' })));
    rig.runFor(LEASE_MS / 4);
    expect([looksIn(), rig.holders()]).toEqual([held(2)[0], [1]]);
  });

  test('LOCK-3 who looks in sees what is renewed, and takes nothing away', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    for (let looks = 0; looks < 20; looks++) {
      const ends = rig.acquire(1, { ...lease, waitMs: 0 });
      rig.runFor(LEASE_MS / 2);
      expect(ends).toMatchObject([{ reason: 'held' }]);
    }
  });

  test.each([
    ['the holder’s slow and the other’s fast', -50_000, 50_000],
    ['the holder’s fast and the other’s slow', 50_000, -50_000],
  ])('LOCK-3 clocks that run wrong by 5 percent, %s: no moment has two holders', (_, a, b) => {
    const rig = new LockRig();
    const long = { leaseMs: 4 * LEASE_MS };
    rig.cluster.members[0]!.drift(a);
    rig.cluster.members[1]!.drift(b);
    rig.acquire(0, long);
    rig.runFor(2.5 * DELAY_MS);
    // It sees the lock as soon as the log has granted it; the holder hears of the log no more.
    rig.acquire(1, { ...long, waitMs: 15_000 });
    rig.runFor(2.5 * DELAY_MS);
    rig.setRenewals(0, false);
    expect(rig.holders()).toEqual([0]);
    let most = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      rig.runFor(10);
      most = Math.max(most, rig.holders().length);
    }
    expect([most, rig.holders()]).toEqual([1, [1]]);
  });

  test('LOCK-4 the lease is counted from when the renewal was sent', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.setRenewals(0, false);
    const before = rig.time.now();
    const left = rig.at(0).state('door')!.leftMs;
    // It was had 20 times the delay ago at most, and asked for one way and back earlier.
    expect(left).toBeLessThanOrEqual(LEASE_MS - 2 * DELAY_MS);
    rig.runFor(left - 1);
    expect(rig.holders()).toEqual([0]);
    rig.runFor(2);
    expect(rig.holders()).toEqual([]);
    expect(rig.notes('lost')[0]).toMatchObject({ detail: { token: 1, why: 'expired' } });
    expect(rig.time.now() - before).toBeCloseTo(left + 1);
  });

  test('LOCK-4 a wall clock that jumps by an hour changes nothing', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.acquire(1, { waitMs: 5_000 });
    for (const ms of [3_600_000, -7_200_000]) {
      for (const { wall } of rig.cluster.members) wall.jump(ms);
      rig.runFor(LEASE_MS);
      expect(rig.holders()).toEqual([0]);
    }
  });

  test('LOCK-5 a renewal that came through though nobody said so is one', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.mood = 'acts in silence';
    rig.moody = 1;
    rig.runFor(3 * LEASE_MS);
    expect(rig.holders()).toEqual([0]);
    expect(rig.notes('lost')).toEqual([]);
  });

  test('LOCK-5 while the log answers nobody the holder tries on, and gives up when its lease is over', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.mood = 'refuses';
    rig.moody = 8;
    rig.runFor(OVER_MS);
    expect(rig.holders()).toEqual([0]);
    rig.mood = 'refuses';
    rig.moody = Infinity;
    rig.runFor(OVER_MS);
    expect(rig.holders()).toEqual([]);
    expect(rig.notes('lost')).toMatchObject([{ detail: { why: 'expired' } }]);
  });

  test('LOCK-6 a holder that did not run looks at its clock before anything else', () => {
    const rig = new LockRig();
    rig.held(0, lease);
    rig.cluster.members[0]!.pause();
    rig.acquire(1, lease);
    rig.runFor(OVER_MS);
    expect(rig.notes('lost')).toEqual([]);
    rig.cluster.members[0]!.resume();
    expect(rig.notes('lost')).toMatchObject([{ detail: { token: 1, why: 'expired' } }]);
    expect(rig.holders()).toEqual([1]);
  });

  test('LOCK-7 what is released is free at once, for whoever watches it too', () => {
    const rig = new LockRig();
    rig.held(0, { leaseMs: 20_000 });
    const ends = rig.acquire(1);
    rig.runFor(500);
    const released = rig.release(0, 1);
    expect(rig.holders()).toEqual([]);
    rig.runFor(1_500);
    expect([released, ends]).toEqual([[{ ok: true }], held(2)]);
  });

  test('LOCK-7 a release of what is not held, or is held with another token, is refused', () => {
    const rig = new LockRig();
    const [never, token] = [rig.release(0, 1), rig.held(1)];
    const wrong = rig.release(1, token + 1);
    rig.runFor(100);
    expect([never, wrong]).toMatchObject([[{ reason: 'not-held' }], [{ reason: 'not-held' }]]);
    expect(rig.holders()).toEqual([1]);
  });

  test.each([
    ['acts in silence', 1, { ok: true }],
    ['does nothing', Infinity, { unknown: true }],
    ['refuses', Infinity, { ok: false, reason: 'no-leader', why: 'Nobody leads.' }],
  ] as const)('LOCK-7 a release ends where the log %s', (mood, moody, end) => {
    const rig = new LockRig();
    rig.held(0);
    const ends = rig.release(0, 1);
    rig.runFor(2 * DELAY_MS);
    Object.assign(rig, { mood, moody });
    rig.runFor(5_000);
    expect(ends).toEqual([end]);
    expect(rig.holders()).toEqual([]);
  });

  test('LOCK-8 every acquisition ends, whatever the log does', () => {
    const why = expect.any(String);
    for (const [mood, end] of [
      ['refuses', { ok: false, reason: 'no-leader', why: 'Nobody leads.' }],
      ['does nothing', { ok: false, reason: 'too-slow', why }],
    ] as const) {
      const rig = new LockRig();
      rig.mood = mood;
      const ends = rig.acquire(0, { waitMs: 1_000 });
      rig.runFor(2_000);
      expect(ends).toEqual([end]);
    }
  });

  test('LOCK-8 one that may have acted and was not answered is unknown', () => {
    const rig = new LockRig();
    const ends = rig.acquire(0, { waitMs: 100 });
    rig.runFor(2 * DELAY_MS + 1);
    rig.mood = 'acts in silence';
    rig.runFor(1_000);
    expect(ends).toEqual([{ unknown: true }]);
  });

  test('LOCK-8 what cannot be is refused in a sentence', () => {
    const rig = new LockRig();
    rig.held(0);
    const refused = [
      rig.acquire(1, {}, ''),
      rig.acquire(1, {}, 'a'.repeat(65)),
      rig.acquire(1, { leaseMs: 499 }),
      rig.acquire(1, { leaseMs: NaN }),
      rig.acquire(1, { waitMs: 60_001 }),
      rig.acquire(0),
    ];
    rig.entries.set('lock/odd', { holder: 'nobody' });
    const odd = rig.acquire(1, {}, 'odd');
    rig.runFor(100);
    expect([...refused, odd].map(([end]) => (end as { reason: string }).reason)).toEqual([
      ...['bad-name', 'bad-name', 'bad-lease', 'bad-lease', 'bad-lease', 'yours', 'bad-record'],
    ]);
  });

  test('LOCK-13 what an earlier life held is had at once, with another token', () => {
    const rig = new LockRig();
    rig.held(0, { leaseMs: 60_000 });
    rig.cluster.members[0]!.crash();
    rig.cluster.restart(0, true);
    rig.runFor(100);
    expect(rig.holders()).toEqual([]);
    expect(rig.held(0)).toBe(2);
  });

  test('LOCK-14 a node that is declared dead gives up what it holds and waits for, and writes nothing', () => {
    const rig = new LockRig();
    rig.held(0);
    const waiting = rig.acquire(0, {}, 'window');
    let isDead = true;
    rig.step(0, (lock) => {
      lock.judgeBy(() => isDead);
      lock.declaredDead();
    });
    const refused = [rig.write(0, 1, 'late'), rig.acquire(0)];
    rig.runFor(1_000);
    expect([waiting, ...refused]).toMatchObject(Array(3).fill([{ reason: 'declared-dead' }]));
    expect(rig.holders()).toEqual([]);
    expect(rig.notes('lost')).toMatchObject([{ detail: { token: 1, why: 'declared-dead' } }]);
    isDead = false;
    const written = rig.write(0, 1, 'alive');
    rig.runFor(1_000);
    expect(written).toMatchObject([{ ok: true }]);
  });
});
