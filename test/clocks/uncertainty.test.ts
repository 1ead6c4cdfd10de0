import { describe, expect, test } from 'vitest';
import { MonotonicClock } from '../../src/clocks/monotonic-clock.ts';
import { UncertainClock } from '../../src/clocks/uncertainty.ts';
import { Random } from '../../src/simulator/random.ts';
import { SECOND, TrueTime } from '../support/true-time.ts';

const EPOCH = 1.7e12;
const ASSUMED_PPM = 100;
const RUNS = 1_000;

/** Rounding of times of today: two doubles around 1.7e12 are 0.0002 ms apart. */
const ROUNDING_MS = 0.001;

/**
 * A clock whose rate changes at random moments within `driftPpm`, synced now and then with a random
 * error within what the sync claims. Says how often true time was outside of the interval.
 */
function violations(seed: string, driftPpm: number, claimedShare = 1): number {
  const random = new Random(seed);
  const within = (limit: number) => (2 * random.next() - 1) * limit;
  const time = new TrueTime(EPOCH);
  const monotonic = new MonotonicClock(time.now);
  const clock = new UncertainClock(monotonic.now, ASSUMED_PPM);
  let outside = 0;
  for (let step = 0; step < 40; step++) {
    if (step % 10 === 0) {
      const claimed = random.next() * 20;
      const offset = time.now() - monotonic.now() + within(claimed / claimedShare);
      clock.synced(offset, claimed + ROUNDING_MS);
    }
    monotonic.setRatePpm(
      random.below(3) === 0 ? Math.sign(within(1)) * driftPpm : within(driftPpm),
    );
    time.pass(random.next() * 600 * SECOND);
    const { earliest, latest } = clock.now();
    if (time.now() < earliest || time.now() > latest) outside += 1;
  }
  return outside;
}

const runs = (driftPpm: number, claimedShare?: number) =>
  Array.from({ length: RUNS }, (_, seed) =>
    violations(`uncertain ${seed}`, driftPpm, claimedShare),
  );

describe('the interval', () => {
  test(`UNCERTAIN-1 contains true time in all of ${RUNS} runs within the assumed bounds`, () => {
    expect(runs(ASSUMED_PPM).filter((outside) => outside > 0)).toEqual([]);
  });

  test('UNCERTAIN-1 beyond the assumed drift it is seen to fail', () => {
    expect(runs(20 * ASSUMED_PPM).filter((outside) => outside > 0).length).toBeGreaterThan(
      RUNS / 2,
    );
    // A steady drift just beyond the bound fails too, once it has eaten up the sync's own error.
    const time = new TrueTime(EPOCH);
    const monotonic = new MonotonicClock(time.now);
    const clock = new UncertainClock(monotonic.now, ASSUMED_PPM);
    clock.synced(EPOCH, 1);
    monotonic.setRatePpm(1.2 * ASSUMED_PPM);
    time.pass(30 * SECOND);
    expect(clock.now().earliest).toBeLessThanOrEqual(time.now());
    time.pass(60 * SECOND);
    expect(clock.now().earliest).toBeGreaterThan(time.now());
  });

  test('UNCERTAIN-1 with syncs worse than they claim it is seen to fail', () => {
    expect(runs(ASSUMED_PPM, 0.1).filter((outside) => outside > 0).length).toBeGreaterThan(
      RUNS / 2,
    );
  });

  test('UNCERTAIN-2 is all of time before the first sync, and again when that is forgotten', () => {
    const clock = new UncertainClock(() => 7);
    const all = { earliest: -Infinity, latest: Infinity };
    expect(clock.now()).toEqual(all);
    expect(clock.commitWait(0)).toBe(Infinity);
    clock.synced(0, 1);
    expect(clock.now()).toEqual({ earliest: 6, latest: 8 });
    clock.forget();
    expect(clock.now()).toEqual(all);
  });

  test('UNCERTAIN-3 grows by the assumed drift, and only a sync that knows more narrows it', () => {
    const time = new TrueTime();
    const clock = new UncertainClock(time.now, ASSUMED_PPM);
    clock.synced(0, 5);
    time.pass(100 * SECOND);
    const { earliest, latest } = clock.now();
    expect((latest - earliest) / 2).toBeCloseTo(5 + 10, 2);
    expect(clock.synced(3, 20)).toBe(false);
    expect(clock.now()).toEqual({ earliest, latest });
    expect(clock.synced(3, 2)).toBe(true);
    expect(clock.now()).toEqual({ earliest: time.now() + 1, latest: time.now() + 5 });
  });
});

describe('UNCERTAIN-4 commit wait', () => {
  test.each([-ASSUMED_PPM, 0, ASSUMED_PPM])('afterwards the time is past, at %i ppm', (ppm) => {
    for (let seed = 0; seed < 200; seed++) {
      const random = new Random(`commit ${seed}`);
      const time = new TrueTime(EPOCH);
      const monotonic = new MonotonicClock(time.now);
      monotonic.setRatePpm(ppm);
      const clock = new UncertainClock(monotonic.now, ASSUMED_PPM);
      clock.synced(EPOCH, random.next() * 50);
      time.pass(random.next() * 1_000 * SECOND);
      const until = clock.now().latest;
      const wait = clock.commitWait(until);
      const sleep = (span: number) =>
        time.pass(monotonic.trueTimeOf(monotonic.now() + span) - time.now());

      // Almost all of it is not enough: the wait is no longer than it must be.
      sleep(wait * 0.999 - 0.01);
      expect(clock.surelyPast(until)).toBe(false);
      sleep(wait * 0.001 + 0.01);
      expect(clock.surelyPast(until)).toBe(true);
      expect(time.now()).toBeGreaterThan(until);
      expect(clock.commitWait(until)).toBe(0);
    }
  });
});
