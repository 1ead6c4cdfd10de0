import { describe, expect, test } from 'vitest';
import { clockLabel, stepFor, ticksBetween } from '../../../../client/views/spacetime/ticks.ts';

describe('ticks', () => {
  test('are round, and so far apart that labels do not touch', () => {
    expect(stepFor(8, 90)).toBe(1_000);
    expect(stepFor(0.01, 90)).toBe(1);
    expect(stepFor(100_000, 90)).toBe(3_600_000);
  });

  test('count from the origin, whatever moment that is', () => {
    const ticks = ticksBetween(10_650, 12_000, 500, 10_100);
    expect(ticks).toEqual([
      { at: 11_100, label: '1.0 s' },
      { at: 11_600, label: '1.5 s' },
    ]);
  });

  test('are labelled as exactly as they need', () => {
    expect(clockLabel(12_000, 1_000)).toBe('12 s');
    expect(clockLabel(12_340, 20)).toBe('12.34 s');
    expect(clockLabel(125_000, 5_000)).toBe('2:05');
    expect(clockLabel(65_500, 500)).toBe('1:05.5');
    expect(clockLabel(3_725_000, 60_000)).toBe('1:02:05');
    expect(clockLabel(59_999, 10)).toBe('1:00.00');
    expect(clockLabel(-1_000, 1_000)).toBe('−1 s');
  });
});
