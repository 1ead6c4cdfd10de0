import { describe, expect, test } from 'vitest';
import { FOLD_PX, TimeAxis } from '../../../../client/views/spacetime/time-axis.ts';

const RIGHT_X = 1_000;
const FOLDS = [
  { from: 10_000, to: 40_000 },
  { from: 50_000, to: 90_000 },
];

const axis = (folds = FOLDS, right = 100_000, msPerPx = 10) =>
  new TimeAxis(folds, { right, msPerPx }, RIGHT_X);

describe('the axis of time', () => {
  test('without folds a pixel is a span of time', () => {
    expect(axis([]).xOf(99_000)).toBe(900);
    expect(axis([]).timeAt(900)).toBe(99_000);
  });

  test('every fold is as wide as any other, however long it is', () => {
    expect(axis().xOf(90_000)).toBe(0);
    expect(axis().xOf(50_000)).toBe(-FOLD_PX);
    expect(axis().xOf(40_000)).toBe(-FOLD_PX - 1_000);
    expect(axis().xOf(10_000)).toBe(-2 * FOLD_PX - 1_000);
    expect(axis().xOf(9_000)).toBe(-2 * FOLD_PX - 1_100);
  });

  test('which moment is where, and where a moment is, are each other’s inverse', () => {
    for (const right of [5_000, 10_000, 25_000, 45_000, 70_000, 95_000])
      for (let time = 0; time <= 110_000; time += 777)
        expect(axis(FOLDS, right).timeAt(axis(FOLDS, right).xOf(time))).toBeCloseTo(time, 6);
  });

  test('zooming keeps the moment under the pointer where it is', () => {
    for (const x of [-300, -20, 30, 500, 1_000]) {
      const before = axis();
      const after = new TimeAxis(FOLDS, before.zoomedAt(x, 0.37), RIGHT_X);
      expect(after.timeAt(x)).toBeCloseTo(before.timeAt(x), 6);
    }
  });

  test('moving by pixels is moving over folds too', () => {
    const moved = new TimeAxis(FOLDS, axis().movedBy(1_500), RIGHT_X);
    expect(moved.xOf(100_000)).toBeCloseTo(2_500, 6);
  });

  test('only folds that can be seen are given', () => {
    expect(axis().foldsBetween(-FOLD_PX, 900)).toEqual([FOLDS[1]]);
    expect(axis().foldsBetween(10, 900)).toEqual([]);
  });

  test('it cannot be zoomed out of all sense', () => {
    expect(axis().zoomedAt(0, 1e9).msPerPx).toBe(5_000);
    expect(axis().zoomedAt(0, 1e-9).msPerPx).toBe(0.01);
  });
});
