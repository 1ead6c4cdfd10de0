import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WallClock } from '../../src/clocks/wall-clock.ts';
import { DAY, HOUR, TrueTime } from '../support/true-time.ts';

const EPOCH = 1.7e12;

function clockAt(start = EPOCH) {
  const time = new TrueTime(start);
  return { time, clock: new WallClock(time.now) };
}

test('CLOCK-9 a clock without faults shows true time', () => {
  const { time, clock } = clockAt();
  time.pass(DAY);
  expect(clock.now()).toBe(EPOCH + DAY);
  expect(clock.error).toBe(0);
});

test('CLOCK-9 offset, drift and jumps add up, and a jump back takes it back', () => {
  const { time, clock } = clockAt();
  clock.setOffset(500);
  clock.setDriftPpm(100);
  time.pass(DAY);
  expect(clock.error).toBeCloseTo(500 + 8_640, 6);
  const before = clock.now();
  clock.jump(-3_000);
  expect(clock.now()).toBe(before - 3_000);
  clock.jump(1_000);
  expect(clock.error).toBeCloseTo(500 + 8_640 - 2_000, 6);
});

test('CLOCK-9 a new offset replaces the old one alone, a new drift keeps what has drifted', () => {
  const { time, clock } = clockAt();
  clock.setOffset(500);
  clock.jump(70);
  clock.setDriftPpm(1_000);
  time.pass(HOUR);
  clock.setOffset(-200);
  clock.setDriftPpm(-500);
  expect(clock.error).toBeCloseTo(-200 + 70 + 3_600, 6);
  time.pass(HOUR);
  expect(clock.error).toBeCloseTo(-200 + 70 + 3_600 - 1_800, 6);
  expect(clock.driftPpm).toBe(-500);
});

test('CLOCK-9 faults set at one moment add up in any order', () => {
  const faults = fc.record({
    offset: fc.integer({ min: -1e6, max: 1e6 }),
    ppm: fc.integer({ min: -1_000, max: 1_000 }),
    jump: fc.integer({ min: -1e6, max: 1e6 }),
  });
  fc.assert(
    fc.property(faults, fc.nat(DAY), ({ offset, ppm, jump }, passed) => {
      const apply = [
        (clock: WallClock) => clock.setOffset(offset),
        (clock: WallClock) => clock.setDriftPpm(ppm),
        (clock: WallClock) => clock.jump(jump),
      ];
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
      ]) {
        // prettier-ignore
        const { time, clock } = clockAt();
        for (const which of order) apply[which]!(clock);
        time.pass(passed);
        expect(clock.error).toBeCloseTo(offset + jump + (passed * ppm) / 1e6, 5);
      }
    }),
  );
});
