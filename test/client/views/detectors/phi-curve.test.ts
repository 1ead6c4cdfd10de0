import { describe, expect, it } from 'vitest';
import { phiCurve } from '../../../../client/views/detectors/phi-curve.ts';

/** Reaches 8 after 800 ms. */
const steady = (silentMs: number): number => silentMs / 100;
const BOX = { width: 300, height: 100 };
const curve = (silentMs: number) => phiCurve(steady, 8, silentMs, BOX);

describe('phi over silence', () => {
  it('crosses the limit where suspicion begins, wherever this moment is', () => {
    for (const silentMs of [0, 500, 900, 60_000])
      expect(curve(silentMs).crossingMs).toBeCloseTo(800, -1);
    expect(curve(0).limitY).toBeCloseTo(100 * (1 - 1 / 1.4), 5);
  });

  it('has this moment on its line', () => {
    const { now, crossingX } = curve(400);
    expect(now.beyond).toBe(false);
    expect(now.x).toBeCloseTo(crossingX / 2, 0);
    expect(now.y).toBeCloseTo(100 * (1 - 4 / (1.4 * 8)), 5);
  });

  it('keeps the crossing in sight when the silence is much longer', () => {
    const { now, crossingX } = curve(60_000);
    expect(now).toEqual({ x: 300, y: 0, beyond: true });
    expect(crossingX).toBeCloseTo(100, 0);
  });

  it('ends its line where it leaves the box', () => {
    const last = curve(60_000).line.split('L').at(-1)!.split(' ').map(Number);
    expect(last[0]).toBeCloseTo(curve(60_000).crossingX * 1.4, 0);
    expect(last[1]).toBe(0);
  });

  it('has between two and six ticks at round seconds, all in the box', () => {
    for (const silentMs of [0, 1_000, 2_000, 60_000]) {
      const { ticks } = curve(silentMs);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every(({ x }) => x > 0 && x <= 300)).toBe(true);
    }
    expect(curve(0).ticks.map(({ label }) => label)).toEqual(['0.5 s', '1 s']);
  });
});
