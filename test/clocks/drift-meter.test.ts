import { describe, expect, test } from 'vitest';
import {
  DriftMeter,
  MAX_DRIFT_SAMPLES,
  MIN_DRIFT_SPAN_MS,
  MS_A_DAY_PER_PPM,
} from '../../src/clocks/drift-meter.ts';
import { Random } from '../../src/simulator/random.ts';
import { DAY, HOUR } from '../support/true-time.ts';

/** A peer at `ppm`, a sample a second, with up to `delayMs` of queue on the way back. */
function metered(ppm: number, duration: number, delayMs: number) {
  const random = new Random(`drift ${ppm} ${duration}`);
  const meter = new DriftMeter();
  let most = 0;
  for (let at = 0; at <= duration; at += 1_000) {
    const queue = random.next() * delayMs;
    const offset = 500 + (at * ppm) / 1e6 - queue / 2;
    meter.add({ at, offset, delay: 2 + queue, error: 1 + queue / 2 });
    most = Math.max(most, meter.size);
  }
  return { drift: meter.drift()!, most };
}

describe('the drift', () => {
  test.each([-150, 0, 37, 4_000])(
    'DRIFT-1 of %i ppm is inside its error after ten minutes',
    (ppm) => {
      const { drift } = metered(ppm, 600_000, 20);
      expect(Math.abs(drift.ppm - ppm)).toBeLessThanOrEqual(drift.errorPpm);
      expect(drift.errorPpm).toBeLessThan(10);
      // What the least delay leaves is far better than what can be promised.
      expect(Math.abs(drift.ppm - ppm)).toBeLessThan(3);
    },
  );

  test('DRIFT-2 the error falls with the span, and a day tells a tenth of a ppm', () => {
    const errors = [60_000, HOUR, DAY].map((duration) => metered(20, duration, 20).drift.errorPpm);
    expect(errors[1]).toBeLessThan(errors[0]! / 20);
    expect(errors[2]).toBeLessThan(0.1);
  });

  test('DRIFT-3 a day of samples stays within the limit and keeps its span', () => {
    const { drift, most } = metered(20, DAY, 20);
    expect(most).toBeLessThanOrEqual(MAX_DRIFT_SAMPLES);
    expect(drift.spanMs).toBeGreaterThan(DAY / 3);
  });

  test('DRIFT-2 is not told of a span that is too short', () => {
    const meter = new DriftMeter();
    expect(meter.drift()).toBeNull();
    const sample = { offset: 0, delay: 0, error: 0 };
    meter.add({ ...sample, at: 0 });
    meter.add({ ...sample, at: MIN_DRIFT_SPAN_MS - 1 });
    expect(meter.drift()).toBeNull();
    meter.add({ ...sample, at: MIN_DRIFT_SPAN_MS });
    expect(meter.drift()).toEqual({ ppm: 0, errorPpm: 0, spanMs: MIN_DRIFT_SPAN_MS });
    meter.clear();
    expect(meter.drift()).toBeNull();
  });
});

test('DRIFT-1 one ppm is 86.4 ms a day', () => {
  expect(MS_A_DAY_PER_PPM).toBeCloseTo(86.4, 9);
});
