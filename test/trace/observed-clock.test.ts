import { expect, test } from 'vitest';
import { ObservedClock } from '../../src/trace/observed-clock.ts';

/** By the observer's clock, 1,000 ms behind the node's. */
function arrive(clock: ObservedClock, arrivedAt: number, tookMs: number): void {
  clock.arrived(arrivedAt - tookMs + 1_000, arrivedAt);
}

test('TRACE-21 of all messages the quickest is believed', () => {
  const clock = new ObservedClock();
  arrive(clock, 100, 300);
  expect(clock.correct(1_200)).toBe(500);
  arrive(clock, 200, 4);
  arrive(clock, 300, 90);
  expect(clock.correct(1_900)).toBe(904);
});

test('TRACE-21 a better estimate puts no event before the one ahead of it', () => {
  const clock = new ObservedClock();
  arrive(clock, 100, 300);
  expect(clock.correct(1_200)).toBe(500);
  arrive(clock, 200, 4);
  expect([clock.correct(1_201), clock.correct(1_600)]).toEqual([500, 604]);
});

test('TRACE-21 what was quick is remembered for a window more, and then forgotten', () => {
  const clock = new ObservedClock();
  arrive(clock, 0, 2);
  arrive(clock, 15_000, 50);
  expect(clock.correct(16_000)).toBe(15_002);
  arrive(clock, 30_000, 50);
  expect(clock.correct(31_000)).toBe(30_050);
});
