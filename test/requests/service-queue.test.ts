import { expect, test } from 'vitest';
import { ServiceQueue, type WaitingCall } from '../../src/requests/service-queue.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import { testNodeId } from '../support/node-ids.ts';

const SERVICE_MS = 20;

/** A desk in virtual time; its timers are late by `lateMs`. */
function desk({ lateMs = 0, isWanted = (_call: WaitingCall): boolean => true } = {}) {
  const time = new VirtualTime();
  const served: string[] = [];
  const queue = new ServiceQueue({
    monotonic: time.now,
    after: (delay, callback) => time.after(delay + lateMs, callback),
    serviceMs: () => SERVICE_MS,
    isWanted,
    serve: ({ key }) => served.push(`${key} at ${time.now()}`),
  });
  const join = (...keys: string[]) => {
    for (const key of keys)
      queue.join({
        key,
        from: testNodeId(1),
        life: 1,
        number: 1,
        payload: null,
        waitedForUntil: 0,
      });
  };
  return { time, served, queue, join };
}

test('REQ-11 calls are served one after the other, each in its time', () => {
  const { time, served, queue, join } = desk();
  join('a', 'b');
  time.runFor(25);
  join('c');
  expect([queue.length, queue.find('b')?.key, queue.find('a')]).toEqual([2, 'b', undefined]);
  time.runFor(1_000);
  expect(served).toEqual(['a at 20', 'b at 40', 'c at 60']);
  join('d');
  time.runFor(1_000);
  expect(served.at(-1)).toBe('d at 1045');
  expect(queue.length).toBe(0);
});

test('REQ-11 timers that are a little late take nothing from the capacity', () => {
  const { time, served, join } = desk({ lateMs: 4 });
  join(...'abcdefghij');
  time.runFor(1_000);
  expect(served.at(-1)).toBe('j at 204');
});

test('REQ-11 a node that did not run has served nobody in that time', () => {
  const { time, served, join } = desk({ lateMs: 500 });
  join('a', 'b');
  time.runFor(2_000);
  // Not at 540, though the first should have been done long before.
  expect(served).toEqual(['a at 520', 'b at 1040']);
});

test('REQ-9 what nobody waits for when it is its turn takes no time', () => {
  const { time, served, join } = desk({ isWanted: ({ key }) => key !== 'b' });
  join('a', 'b', 'c');
  time.runFor(1_000);
  expect(served).toEqual(['a at 20', 'c at 40']);
});

test('REQ-11 a desk that is cleared serves what comes afterwards, and nothing from before', () => {
  const { time, served, queue, join } = desk();
  join('a', 'b');
  time.runFor(10);
  queue.clear();
  join('c');
  time.runFor(1_000);
  expect(served).toEqual(['c at 30']);
});
