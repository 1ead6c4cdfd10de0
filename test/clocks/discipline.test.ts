import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DisciplinedClock, MAX_SLEW_PPM } from '../../src/clocks/discipline.ts';
import { TrueTime } from '../support/true-time.ts';

const EPOCH = 1.7e12;

function clockOf(discipline: 'slew' | 'step') {
  const time = new TrueTime(77);
  return { time, clock: new DisciplinedClock(time.now, discipline, EPOCH) };
}

test('DISCIPLINE-1 it begins at the reading that it is given and runs with its raw clock', () => {
  const { time, clock } = clockOf('slew');
  expect(clock.now()).toBe(EPOCH);
  time.pass(1_000);
  expect(clock.now()).toBe(EPOCH + 1_000);
});

test('DISCIPLINE-2 a step is done at once, back too', () => {
  const { clock } = clockOf('step');
  clock.correct(-5_000);
  expect(clock.now()).toBe(EPOCH - 5_000);
  expect(clock.pendingMs).toBe(0);
});

describe('DISCIPLINE-3 slewing', () => {
  test.each([1, -1])('pays off at the named rate and then stops, direction %i', (sign) => {
    const { time, clock } = clockOf('slew');
    clock.correct(sign * 10);
    expect(clock.now()).toBe(EPOCH);
    time.pass(10_000);
    expect(clock.now() - EPOCH - 10_000).toBeCloseTo(sign * 5, 3);
    expect(clock.pendingMs).toBeCloseTo(sign * 5, 9);
    time.pass(30_000);
    expect(clock.now() - EPOCH - 40_000).toBeCloseTo(sign * 10, 3);
    expect(clock.pendingMs).toBe(0);
  });

  test('a new correction replaces what is pending, and keeps what was paid', () => {
    const { time, clock } = clockOf('slew');
    clock.correct(1_000);
    time.pass(10_000);
    clock.correct(-2);
    expect(clock.now() - EPOCH - 10_000).toBeCloseTo(5, 3);
    time.pass(10_000);
    expect(clock.now() - EPOCH - 20_000).toBeCloseTo(3, 3);
  });

  test('never goes back in the last digit either, where rounding would', () => {
    const { time, clock } = clockOf('slew');
    clock.correct(-1e6);
    let before = clock.now();
    for (let i = 0; i < 200_000; i++) {
      time.pass(6e-5);
      const now = clock.now();
      if (now < before) expect.unreachable(`${now} after ${before}`);
      before = now;
    }
  });

  test('never goes back, and never faster or slower than the named rate', () => {
    const steps = fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        fc.integer({ min: -5_000, max: 5_000 }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (corrections) => {
        const { time, clock } = clockOf('slew');
        let before = clock.now();
        for (const [passed, offset] of corrections) {
          clock.correct(offset);
          expect(clock.now()).toBeGreaterThanOrEqual(before);
          before = clock.now();
          time.pass(passed);
          const gone = clock.now() - before;
          expect(gone).toBeGreaterThanOrEqual(0);
          expect(Math.abs(gone - passed)).toBeLessThanOrEqual((passed * MAX_SLEW_PPM) / 1e6 + 1e-3);
          before = clock.now();
        }
      }),
    );
  });
});
