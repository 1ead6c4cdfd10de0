import { expect, test } from 'vitest';
import { countInLife, firstTick, MAX_INCARNATION, TICKS_PER_LIFE } from '../../src/clocks/tick.ts';

test('CLOCK-3 a life begins above every tick of the lives before it', () => {
  expect(firstTick(1)).toBe(0);
  expect(firstTick(2)).toBeGreaterThan(firstTick(1) + TICKS_PER_LIFE - 1);
});

test('CLOCK-3 people are shown the events of the present life', () => {
  expect(countInLife(firstTick(4) + 17)).toBe(17);
  expect(firstTick(4) + 17).toBe(3_000_000_017);
});

test('CLOCK-3 the last life still counts exactly', () => {
  expect(Number.isSafeInteger(firstTick(MAX_INCARNATION) + TICKS_PER_LIFE - 1)).toBe(true);
});
