import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { linkRuleSchema, MAX_QUEUE_BYTES } from '../../src/network/link-rule.ts';
import { MemoryNetwork, MemoryTransport, type Delay } from '../../src/network/memory.ts';
import type { Transport } from '../../src/network/transport.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { Faults } from '../network/measure.ts';
import type { Lane } from '../../src/wire/lane.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { testNodeId } from '../support/node-ids.ts';
import { transportCompliance, type TransportHarness } from './transport.ts';

const DEADLINE_MS = 60_000;

/** Longer than any frame waits and travels under the rules below. */
const QUIET_MS = 10_000;

/** As many as a case asks for at most. */
const NODES = [0, 1, 2].map(testNodeId);

/** @param faults a rule for every direction; none if left out */
function memoryHarness(delay: Delay, faults?: Faults): TransportHarness {
  const time = new VirtualTime();
  const network = new MemoryNetwork(time, delay, new Random('compliance'));
  if (faults !== undefined) {
    const directions = NODES.flatMap((from) => NODES.map((to) => ({ from, to, ...faults })));
    const rules = directions.filter(({ from, to }) => from !== to);
    network.setRules({ version: 1, rules: v.parse(v.array(linkRuleSchema), rules) });
  }
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
      time.runFor(QUIET_MS);
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

/** Rules that take back nothing of what a transport promises. */
const HARMLESS: readonly Faults[] = [
  { latencyMs: 80, jitterMs: 80 },
  { latencyMs: 60, jitterMs: 20, latencyShape: 'normal' },
  { latencyMs: 50, jitterMs: 150, latencyShape: 'long-tailed' },
  { reorder: 0.3, reorderMs: 200 },
  { bytesPerSecond: 2_000_000, queueBytes: MAX_QUEUE_BYTES },
  { bytesPerSecond: 200_000, queueBytes: 100_000, burstBytes: 50_000 },
];
const ALL_HARMLESS: Faults = Object.assign({}, ...HARMLESS.slice(2, 5));

describe.each([...HARMLESS, ALL_HARMLESS])('in-memory network under %j', (faults) => {
  test.each(transportCompliance)('$title', ({ run }) => run(memoryHarness(() => 1, faults)));
});

describe('what is left under rules that break the contract', () => {
  /** The numbers of 500 frames in the order of their arrival, undamaged ones alone. */
  async function arrivals(faults: Faults, lane: Lane): Promise<readonly number[]> {
    const heard: number[] = [];
    const harness = memoryHarness(() => 1, faults);
    const ear = {
      frame: (_from: NodeId, bytes: Uint8Array) => void heard.push(numberIn(bytes)),
      up() {},
      down() {},
    };
    const [sender, receiver] = await harness.mesh([{ ...ear, frame() {} }, ear]);
    for (let i = 0; i < FRAMES; i++) {
      expect(sender!.send(receiver!.self, frameOf(i), lane)).toBe('sent');
    }
    await harness.quiet();
    return heard;
  }

  test.each<Lane>(['stream', 'datagram'])(
    'TRANSPORT-1, 2 under loss the rest comes once, %s',
    async (lane) => {
      const heard = await arrivals({ loss: 0.3 }, lane);
      expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
      expect(heard.length).toBeGreaterThan(FRAMES / 2);
      expect(heard.length).toBeLessThan(FRAMES);
    },
  );

  test('TRANSPORT-1 under duplicates the stream comes whole and in order, some of it twice in a row', async () => {
    const faults = { duplicate: 0.3, latencyMs: 50, jitterMs: 50, reorder: 0.1 };
    const heard = await arrivals(faults, 'stream');
    expect([...new Set(heard)]).toEqual(ALL);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(timesOf(heard)).toEqual(new Set([1, 2]));
  });

  test('TRANSPORT-2 under duplicates a datagram comes whole, once or twice', async () => {
    const heard = await arrivals({ duplicate: 0.3, latencyMs: 50, jitterMs: 50 }, 'datagram');
    expect([...new Set(heard)].sort((a, b) => a - b)).toEqual(ALL);
    expect(timesOf(heard)).toEqual(new Set([1, 2]));
  });

  test('TRANSPORT-1 under damage the stream comes once and in order, some of it damaged', async () => {
    const heard = await arrivals({ corrupt: 0.3 }, 'stream');
    expect(heard).toHaveLength(FRAMES);
    heard.forEach((number, i) => expect([i, DAMAGED]).toContain(number));
    expect(heard).toContain(DAMAGED);
  });
});

const FRAMES = 500;
const ALL = Array.from({ length: FRAMES }, (_, i) => i);
const DAMAGED = -1;

/** Its number many times over: eight flipped bits cannot make it look like another. */
function frameOf(number: number): Uint8Array {
  return new Uint8Array(Uint16Array.from({ length: 50 }, () => number).buffer);
}

function numberIn(bytes: Uint8Array): number {
  const words = new Uint16Array(bytes.slice().buffer);
  return words.every((word) => word === words[0]) ? words[0]! : DAMAGED;
}

/** How often each came. */
function timesOf(heard: readonly number[]): ReadonlySet<number> {
  return new Set(ALL.map((number) => heard.filter((each) => each === number).length));
}
