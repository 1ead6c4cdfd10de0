import { expect, test } from 'vitest';
import { firstDetection, THEORY } from '../bench/theory/swim-detection.ts';

test('SWIM-1 a dead node is first pinged in period 1.58 on average, whatever N is', () => {
  expect(THEORY).toBeCloseTo(1.58, 2);
  for (const { nodes, seeds } of [
    { nodes: 8, seeds: 150 },
    { nodes: 16, seeds: 60 },
  ]) {
    const { periods, theory } = firstDetection({ nodes, seeds });
    expect(theory).toBe(THEORY);
    expect(Math.abs(periods - theory)).toBeLessThan(0.3);
  }
});
