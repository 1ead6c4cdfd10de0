import { expect, test } from 'vitest';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';

test('SIM-1 time stands at each call’s own moment, and at the end where it was told to stop', () => {
  const time = new VirtualTime();
  const called: [string, number][] = [];
  const call = (name: string) => () => called.push([name, time.now()]);
  time.after(20, call('b'));
  time.at(10, call('a'));
  time.after(20, call('c'));
  time.at(31, call('too late'));
  time.runUntil(30);
  expect(called).toEqual([
    ['a', 10],
    ['b', 20],
    ['c', 20],
  ]);
  expect(time.now()).toBe(30);
});

test('SIM-1 what a call asks for at its own moment is called at that moment, after what was there', () => {
  const time = new VirtualTime();
  const called: string[] = [];
  time.at(5, () => time.after(0, () => called.push('later')));
  time.at(5, () => called.push('sooner'));
  time.runUntil(5);
  expect(called).toEqual(['sooner', 'later']);
});

test('SIM-1 what was cancelled is not called, and the past is now', () => {
  const time = new VirtualTime();
  time.runUntil(50);
  const called: number[] = [];
  time.after(1, () => expect.unreachable())();
  time.at(10, () => called.push(time.now()));
  time.runFor(5);
  expect(called).toEqual([50]);
});

test('SIM-2 it is quiet when nothing more is due, and not while something renews itself', () => {
  const time = new VirtualTime();
  time.after(1_000, () => {});
  expect(time.runUntilQuiet(2_000)).toBe(true);
  expect(time.now()).toBe(1_000);
  const again = () => void time.after(300, again);
  again();
  expect(time.runUntilQuiet(1_000)).toBe(false);
  expect(time.now()).toBe(2_000);
});
