import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measure } from '../../src/clocks/four-timestamps.ts';
import { MonotonicClock } from '../../src/clocks/monotonic-clock.ts';
import { TrueTime } from '../support/true-time.ts';

describe('by hand', () => {
  test('FOUR-1 equal ways: the offset is exact', () => {
    // 10 ms each way, 5 ms of work, the answerer 1,000 ms ahead.
    const sample = measure({ asked: 0, received: 1_010, answered: 1_015, heard: 25 }, 0);
    expect(sample).toEqual({ at: 25, offset: 1_000, delay: 20, error: 10 });
  });

  test('FOUR-1 all of the delay on one way: the offset is wrong by half of it, which is the error', () => {
    const there = measure({ asked: 0, received: 1_020, answered: 1_020, heard: 20 }, 0)!;
    const back = measure({ asked: 0, received: 1_000, answered: 1_000, heard: 20 }, 0)!;
    expect([there.offset - 1_000, there.error]).toEqual([10, 10]);
    expect([back.offset - 1_000, back.error]).toEqual([-10, 10]);
  });

  test('FOUR-2 drift while it lasted widens the error', () => {
    const exchange = { asked: 0, received: 5, answered: 5, heard: 10_000 };
    expect(measure(exchange, 100)!.error).toBeCloseTo(5_000 + 2, 2);
  });

  test.each([
    ['an answer that came before its question left', { asked: 10, received: 0, answered: 0, heard: 9 }],
    ['an answer that left before the question came', { asked: 0, received: 5, answered: 4, heard: 9 }],
    ['work that took longer than the whole exchange', { asked: 0, received: 5, answered: 99, heard: 9 }],
  ])('FOUR-3 %s is refused', (_what, exchange) => {
    expect(measure(exchange, 100)).toBeNull();
  }); // prettier-ignore
});

test('FOUR-2 the true offset is inside the error, whatever the delays, and drifts within what is assumed', () => {
  const delay = fc.double({ min: 0, max: 2_000, noNaN: true });
  const ppm = fc.integer({ min: -100, max: 100 });
  let farOff = 0;
  fc.assert(
    fc.property(delay, delay, delay, ppm, ppm, (there, work, back, askerPpm, answererPpm) => {
      const time = new TrueTime(1e6);
      const asker = new MonotonicClock(time.now);
      time.pass(12_345);
      const answerer = new MonotonicClock(time.now);
      asker.setRatePpm(askerPpm);
      answerer.setRatePpm(answererPpm);
      const asked = asker.now();
      time.pass(there);
      const received = answerer.now();
      time.pass(work);
      const answered = answerer.now();
      time.pass(back);
      const { offset, error } = measure({ asked, received, answered, heard: asker.now() }, 100)!;
      const wrong = Math.abs(offset - (answerer.now() - asker.now()));
      expect(wrong).toBeLessThanOrEqual(error + 1e-9);
      if (wrong > error / 2) farOff += 1;
    }),
    { numRuns: 1_000 },
  );
  // The bound is no empty one.
  expect(farOff).toBeGreaterThan(100);
});
