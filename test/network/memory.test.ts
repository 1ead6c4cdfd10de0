import { expect, test } from 'vitest';
import { MAX_IN_FLIGHT_BYTES } from '../../src/network/in-flight.ts';
import { MemoryNetwork, type Delay } from '../../src/network/memory.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Lane } from '../../src/wire/lane.ts';
import { MAX_FRAME_BYTES } from '../../src/wire/lane.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import { testNodeId } from '../support/node-ids.ts';

/** Two linked transports; what b hears is written down with its time. */
function pair(delay: Delay = () => 1) {
  const time = new VirtualTime();
  const network = new MemoryNetwork(time, delay);
  const heard: unknown[][] = [];
  const a = network.transport(testNodeId(1));
  const b = network.transport(testNodeId(2));
  a.start({ frame: () => {}, up: () => {}, down: () => {} });
  b.start({
    frame: (_from: NodeId, bytes: Uint8Array, lane: Lane) =>
      heard.push([time.now(), lane, bytes[0]]),
    up: () => heard.push([time.now(), 'up']),
    down: (_id, reason) => heard.push([time.now(), 'down', reason]),
  });
  network.connect(a, b);
  time.runFor(0);
  heard.length = 0;
  return { time, network, a, b, heard };
}

test('MEMORY-1 the delay decides when a frame arrives; datagrams overtake, the stream does not', () => {
  const delays = [30, 10, 20, 30, 10, 20];
  const { time, a, b, heard } = pair(() => delays.shift()!);
  for (const lane of ['datagram', 'stream'] as const) {
    for (const number of [1, 2, 3]) a.send(b.self, Uint8Array.of(number), lane);
  }
  time.runFor(100);
  expect(heard.filter(([, lane]) => lane === 'datagram')).toEqual([
    [10, 'datagram', 2],
    [20, 'datagram', 3],
    [30, 'datagram', 1],
  ]);
  expect(heard.filter(([, lane]) => lane === 'stream')).toEqual([
    [30, 'stream', 1],
    [30, 'stream', 2],
    [30, 'stream', 3],
  ]);
});

test('MEMORY-2 a datagram that takes for ever is lost, and takes no room in the queue', () => {
  const { time, a, b, heard } = pair(() => Infinity);
  for (let i = 0; i < 1_000; i++) {
    expect(a.send(b.self, new Uint8Array(16_000), 'datagram')).toBe('sent');
  }
  expect(time.runUntilQuiet(1)).toBe(true);
  expect(heard).toEqual([]);
});

test('MEMORY-2 a stream that takes for ever is a bug of the delay', () => {
  const { a, b } = pair(() => Infinity);
  expect(() => a.send(b.self, Uint8Array.of(1), 'stream')).toThrow(RangeError);
});

test('MEMORY-3 the queue takes the named number of bytes, and room comes with arrivals', () => {
  const { time, a, b } = pair();
  const frame = new Uint8Array(MAX_FRAME_BYTES);
  for (let sent = 0; sent < MAX_IN_FLIGHT_BYTES; sent += frame.length) {
    expect(a.send(b.self, frame, 'stream')).toBe('sent');
  }
  expect(a.send(b.self, Uint8Array.of(1), 'stream')).toBe('overflow');
  time.runFor(1);
  expect(a.send(b.self, frame, 'stream')).toBe('sent');
});

test('MEMORY-4 listeners are never called from within a call of the transport or network', () => {
  const { time, network, a, b, heard } = pair(() => 0);
  a.send(b.self, Uint8Array.of(1), 'stream');
  network.disconnect(a, b, 'cut');
  network.connect(a, b);
  expect(heard).toEqual([]);
  time.runFor(0);
  expect(heard).toEqual([
    [0, 'down', 'cut'],
    [0, 'up'],
  ]);
});

test('MEMORY-4 a link that closes before it was heard of is never heard of', () => {
  const { time, network, a, b, heard } = pair();
  network.disconnect(a, b, 'cut');
  network.connect(a, b);
  network.disconnect(a, b, 'cut again');
  time.runFor(5);
  expect(heard).toEqual([[0, 'down', 'cut']]);
});

test('linking a transport that has not started is a bug', () => {
  const { network, a } = pair();
  expect(() => network.connect(a, network.transport(testNodeId(3)))).toThrow(/started/);
});
