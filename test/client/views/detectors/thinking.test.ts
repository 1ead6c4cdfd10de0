import { describe, expect, it } from 'vitest';
import {
  barsOf,
  LIMIT_AT,
  THINKING_HEAD,
  thinkingRows,
  thinkingSentence,
} from '../../../../client/views/detectors/thinking.ts';
import type { Working } from '../../../../src/membership/detectors/detector.ts';

const working = (change: Partial<Working>): Working => ({
  detector: 'fixed',
  suspects: false,
  level: 400,
  threshold: 1_000,
  unit: 'ms',
  reason: 'silent for 0.4 s',
  gaps: [],
  expected: null,
  ...change,
});
const swim = (suspects: boolean): Working =>
  working({ detector: 'swim', suspects, level: suspects ? 1 : 0.25, threshold: 1, unit: 'probes' });
const phi = (level: number): Working =>
  working({
    detector: 'phi',
    suspects: level >= 8,
    level,
    threshold: 8,
    unit: 'phi',
    expected: { meanMs: 812, deviationMs: 60 },
  });

describe('four detectors side by side', () => {
  it('fill their bars up to the same mark at their limits, and never beyond the end', () => {
    const filled = barsOf([swim(true), phi(4), phi(80), working({ level: 1_000 })]);
    expect(filled.map((bar) => bar.filled)).toEqual([LIMIT_AT, LIMIT_AT / 2, 1, LIMIT_AT]);
    expect(filled.map(({ counts }) => counts)).toEqual([true, false, false, false]);
  });

  it('say in their own units how near they are', () => {
    const answered = { ...swim(false), level: 0 };
    const figures = barsOf([answered, swim(false), phi(3.14), phi(1_000), working({})]);
    expect(figures.map(({ figure }) => figure)).toEqual([
      'no question is open',
      '25 % of its time to answer',
      'φ 3.1 of 8',
      'φ over 99 of 8',
      '400 ms of 1.0 s',
    ]);
  });

  it.each([
    [[swim(false), phi(1)], 'SWIM counts in this room, and is calm. So are the others.'],
    [[swim(false), phi(9)], 'SWIM counts in this room, and is calm. But Phi accrual suspects it.'],
    [[swim(true), phi(1)], 'SWIM counts in this room, and suspects Owl. It is alone with that.'],
    [
      [phi(9), swim(true), working({ suspects: true })],
      'Phi accrual counts in this room, and suspects Owl. So do SWIM and Fixed timeout.',
    ],
    [[], ''],
  ])('%#: %s', (workings, sentence) => {
    expect(thinkingSentence('Owl', workings)).toBe(sentence);
  });

  it('have a table with the same, and what each has learnt', () => {
    const rows = thinkingRows([phi(9), swim(false)]);
    expect(rows).toEqual([
      ['Phi accrual, which counts', 'suspects it', 'φ 9.0', '8', '812 ms ± 60 ms', 'Silent for 0.4\u00a0s.'], // prettier-ignore
      ['SWIM', 'calm', '25 %', 'its time to answer', '–', 'Silent for 0.4\u00a0s.'],
    ]);
    expect(rows[0]).toHaveLength(THINKING_HEAD.length);
  });
});
