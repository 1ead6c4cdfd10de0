import { describe, test } from 'vitest';
import { MemoryNetwork, MemoryTransport, type Delay } from '../../src/network/memory.ts';
import type { Transport } from '../../src/network/transport.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import { testNodeId } from '../support/node-ids.ts';
import { transportCompliance, type TransportHarness } from './transport.ts';

const DEADLINE_MS = 60_000;

function memoryHarness(delay: Delay): TransportHarness {
  const time = new VirtualTime();
  const network = new MemoryNetwork(time, delay);
  return {
    async mesh(listeners) {
      const transports = listeners.map((listener, index) => {
        const transport = network.transport(testNodeId(index));
        transport.start(listener);
        return transport;
      });
      for (const a of transports) for (const b of transports) if (a !== b) network.connect(a, b);
      time.runFor(0);
      return transports;
    },
    drop: (a, b) => network.disconnect(inMemory(a), inMemory(b), 'dropped'),
    relink: (a, b) => network.connect(inMemory(a), inMemory(b)),
    async until(what, condition) {
      const end = time.now() + DEADLINE_MS;
      while (!condition()) {
        if (time.now() > end) throw new Error(`waited ${DEADLINE_MS} ms for ${what}`);
        time.runFor(1);
        await Promise.resolve();
      }
    },
    async quiet() {
      time.runFor(1_000);
    },
  };
}

/** The suite knows its transports by the contract alone. */
function inMemory(transport: Transport): MemoryTransport {
  if (!(transport instanceof MemoryTransport)) throw new TypeError('not of this network');
  return transport;
}

/** Each frame takes as long as it likes: only the transport keeps the stream in order. */
function uneven(): Delay {
  const random = new Random('uneven delays');
  return (_from, _to, lane) =>
    lane === 'datagram' && random.next() < 0.3 ? Infinity : random.next() * 100;
}

describe.each([
  { name: 'even delays', delay: (): Delay => () => 1 },
  { name: 'uneven delays and lost datagrams', delay: uneven },
])('in-memory network, $name', ({ delay }) => {
  test.each(transportCompliance)('$title', ({ run }) => run(memoryHarness(delay())));
});
