import { expect, test } from 'vitest';
import { Lamport } from '../../src/clocks/lamport.ts';

test('CLOCK-1 every event of a node has a higher number than the one before', () => {
  const clock = new Lamport();
  expect([clock.tick(), clock.tick(), clock.tick()]).toEqual([1, 2, 3]);
});

test('CLOCK-1 a receipt has a higher number than the sending and than all before it', () => {
  const clock = new Lamport();
  clock.tick();
  expect(clock.receive(40)).toBe(41);
  expect(clock.receive(7)).toBe(42);
  expect(clock.now).toBe(42);
});

test('CLOCK-1 a clock that was driven to the end stays a whole number', () => {
  const clock = new Lamport();
  clock.receive(Number.MAX_SAFE_INTEGER);
  expect(clock.tick()).toBe(Number.MAX_SAFE_INTEGER);
});
