import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/simulator/memory-disk.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';

function diskOf(seed: number) {
  const time = new VirtualTime();
  const done: number[] = [];
  const disk = new MemoryDisk(time, new Random(seed), 100);
  for (let i = 0; i < 5; i++) {
    disk.write([{ key: `${i}`, value: i }, { key: 'last', value: i }], () => done.push(i)); // prettier-ignore
  }
  return { time, disk, done };
}

test('SIM-5 writes become durable in their order, each as a whole', () => {
  const { time, disk, done } = diskOf(1);
  expect([...disk.load()]).toEqual([]);
  time.runFor(100);
  expect(done).toEqual([0, 1, 2, 3, 4]);
  expect(new Map(disk.load()).get('last')).toBe(4);
});

test('SIM-5 a crash keeps the writes up to one of them, and tells nobody', () => {
  const kept = new Set<number>();
  for (let seed = 0; seed < 50; seed++) {
    const { time, disk, done } = diskOf(seed);
    disk.crash();
    time.runFor(1_000);
    expect(done).toEqual([]);
    const entries = new Map(disk.load());
    const last = entries.get('last') as number | undefined;
    const expected = last === undefined ? [] : Array.from({ length: last + 1 }, (_, i) => `${i}`);
    expect([...entries.keys()].filter((key) => key !== 'last')).toEqual(expected);
    kept.add(expected.length);
  }
  expect([...kept].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});

test('SIM-5 a wiped disk is empty', () => {
  const { time, disk } = diskOf(1);
  time.runFor(100);
  disk.wipe();
  expect([...disk.load()]).toEqual([]);
});
