import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RATE_PPM } from '../../src/clocks/gain.ts';
import { MonotonicClock } from '../../src/clocks/monotonic-clock.ts';
import { DAY, HOUR, TrueTime } from '../support/true-time.ts';

/** Millions of reads, on a machine that has other work too. */
const LONG_TEST_MS = 30_000;

const rates = fc.integer({ min: -MAX_RATE_PPM, max: MAX_RATE_PPM });
const spans = fc.double({ min: 0, max: HOUR, noNaN: true });

test('CLOCK-7 whatever its rates, it never goes back and never leaps', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(rates, spans), { maxLength: 30 }), (steps) => {
      const time = new TrueTime(1e6);
      const clock = new MonotonicClock(time.now);
      let expected = 0;
      let before = clock.now();
      for (const [ppm, span] of steps) {
        clock.setRatePpm(ppm);
        expect(clock.now(), 'right after a new rate').toBeCloseTo(expected, 3);
        expect(clock.now()).toBeGreaterThanOrEqual(before);
        // Many short looks and one long.
        for (const part of [1e-9, 1e-3, 0.1, 1, span]) {
          time.pass(part);
          expected += part * (1 + ppm / 1e6);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeCloseTo(expected, 3);
          before = now;
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('CLOCK-7 a clock that ran fast and then slow goes on from where it was', () => {
  const time = new TrueTime();
  const clock = new MonotonicClock(time.now);
  clock.setRatePpm(100_000);
  time.pass(1_000);
  expect(clock.now()).toBeCloseTo(1_100, 9);
  clock.setRatePpm(-100_000);
  expect(clock.now()).toBeCloseTo(1_100, 9);
  time.pass(1_000);
  expect(clock.now()).toBeCloseTo(2_000, 9);
});

test('CLOCK-7 it stands still while the machine’s own clock has gone back', () => {
  const time = new TrueTime(1e6);
  const clock = new MonotonicClock(time.now);
  time.pass(100);
  expect(clock.now()).toBe(100);
  time.pass(-50);
  expect(clock.now()).toBe(100);
  time.pass(60);
  expect(clock.now()).toBe(110);
});

describe('CLOCK-8 over hours', () => {
  test(
    'a read every millisecond of an hour adds no error',
    () => {
      const time = new TrueTime();
      const clock = new MonotonicClock(time.now);
      clock.setRatePpm(37);
      for (let i = 0; i < HOUR; i++) {
        time.pass(1);
        clock.now();
      }
      expect(clock.now() - HOUR).toBeCloseTo(HOUR * 37e-6, 6);
    },
    LONG_TEST_MS,
  );

  test('a new rate every second of a day adds less than a nanosecond', () => {
    const time = new TrueTime();
    const clock = new MonotonicClock(time.now);
    for (let second = 0; second < DAY / 1_000; second++) {
      clock.setRatePpm(second % 2 === 0 ? 73 : -21);
      time.pass(1_000);
    }
    // Half of the day at +73, half at -21: 26 ppm of it, in microseconds a whole number.
    expect(Math.abs(clock.now() - DAY - DAY * 26e-6)).toBeLessThan(1e-6);
  });
});

test('CLOCK-8 who sleeps until the true time of a reading finds that it is time, and not much later', () => {
  fc.assert(
    fc.property(rates, spans, spans, (ppm, passed, ahead) => {
      const time = new TrueTime(1.7e12);
      const clock = new MonotonicClock(time.now);
      time.pass(passed);
      clock.setRatePpm(ppm);
      const reading = clock.now() + ahead;
      time.pass(clock.trueTimeOf(reading) - time.now());
      expect(clock.now()).toBeGreaterThanOrEqual(reading);
      expect(clock.now()).toBeLessThan(reading + 0.01);
    }),
    { numRuns: 500 },
  );
});

test('a rate at which time would stand still is refused', () => {
  const clock = new MonotonicClock(() => 0);
  for (const ppm of [-MAX_RATE_PPM - 1, MAX_RATE_PPM + 1, NaN]) {
    expect(() => clock.setRatePpm(ppm)).toThrow(RangeError);
  }
  expect(clock.ratePpm).toBe(0);
});
