import { describe, expect, test } from 'vitest';
import type { Sample } from '../../src/clocks/four-timestamps.ts';
import { SyncFilter, WINDOW_SAMPLES } from '../../src/clocks/sync-filter.ts';
import { Random } from '../../src/simulator/random.ts';

const sample = (at: number, delay: number, offset = 0): Sample => ({ at, offset, delay, error: delay / 2 }); // prettier-ignore

describe('the sample of least delay', () => {
  test('FILTER-1 is believed, neither the newest nor the oldest', () => {
    const filter = new SyncFilter(100);
    expect(filter.best(0)).toBeNull();
    for (const each of [sample(0, 40, 3), sample(1_000, 10, 7), sample(2_000, 30, 5)]) filter.add(each); // prettier-ignore
    expect(filter.best(1_000)).toEqual({ offset: 7, error: 5, delay: 10 });
    expect(filter.newest!.offset).toBe(5);
  });

  test('FILTER-2 its error grows with its age, until a worse but newer one is surer', () => {
    const filter = new SyncFilter(100);
    filter.add(sample(0, 10, 7));
    // 100 s at twice 100 ppm are 20 ms.
    expect(filter.best(100_000)!.error).toBeCloseTo(5 + 20, 2);
    filter.add(sample(100_000, 48, 3));
    expect(filter.best(100_000)).toMatchObject({ offset: 3, error: 24 });
  });

  test('FILTER-1 is forgotten once the window is full of newer ones', () => {
    const filter = new SyncFilter(100);
    filter.add(sample(0, 1, 7));
    for (let i = 1; i < WINDOW_SAMPLES; i++) filter.add(sample(i, 50));
    expect(filter.best(WINDOW_SAMPLES)!.offset).toBe(7);
    filter.add(sample(WINDOW_SAMPLES, 50));
    expect(filter.best(WINDOW_SAMPLES)!.offset).toBe(0);
    expect(filter.size).toBe(WINDOW_SAMPLES);
    filter.clear();
    expect(filter.best(9)).toBeNull();
  });

  test('FILTER-1 beats the mean of the window by far where one way has a queue', () => {
    const random = new Random('queue');
    const filter = new SyncFilter(100);
    const window: number[] = [];
    let byFilter = 0;
    let byMean = 0;
    for (let at = 0; at < 1_000; at++) {
      const queue = random.next() ** 3 * 200;
      // True offset 0: what the queue adds on the way back pulls the measured one down by half.
      filter.add(sample(at, 4 + queue, -queue / 2));
      window.push(-queue / 2);
      if (window.length > WINDOW_SAMPLES) window.shift();
      byFilter += Math.abs(filter.best(at)!.offset);
      byMean += Math.abs(window.reduce((a, b) => a + b) / window.length);
    }
    expect(byFilter).toBeLessThan(byMean / 10);
  });
});
