import * as v from 'valibot';
import { linkRuleSchema, MAX_QUEUE_BYTES, type LinkRule } from '../../src/network/link-rule.ts';
import { MemoryNetwork, type Delay, type MemoryTransport } from '../../src/network/memory.ts';
import { UNTOUCHED } from '../../src/network/network-document.ts';
import { RelayTransport } from '../../src/network/relay-transport.ts';
import { RuledTransport } from '../../src/network/ruled-transport.ts';
import type { Transport } from '../../src/network/transport.ts';
import { Random } from '../../src/simulator/random.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import type { Faults } from '../network/measure.ts';
import { testNodeId } from '../support/node-ids.ts';
import type { TransportHarness } from './transport.ts';

const DEADLINE_MS = 60_000;

/** Longer than any frame waits and travels under the rules below. */
const QUIET_MS = 10_000;

/** As many as a case asks for at most. */
const NODES = [0, 1, 2].map(testNodeId);

/** Where rules act: in the network itself, or in a transport of each node's own, which may have one that relays above it. */
export type RuledBy = 'network' | 'transports' | 'transports that relay';

/** @param faults a rule for every direction; none if left out */
export function memoryHarness(by: RuledBy, delay: Delay, faults?: Faults): TransportHarness {
  const time = new VirtualTime();
  const network = new MemoryNetwork(time, delay, new Random('compliance'));
  const rules = rulesOf(faults);
  if (by === 'network') network.setRules({ version: 1, rules });
  /** The suite knows its transports by the contract alone. */
  const beneath = new Map<Transport, MemoryTransport>();

  function make(index: number): Transport {
    const bare = network.transport(testNodeId(index));
    const transport = by === 'network' ? bare : ruled(bare, index);
    beneath.set(transport, bare);
    return transport;
  }

  function ruled(bare: MemoryTransport, index: number): Transport {
    const transport = new RuledTransport(bare, time, new Random(`compliance ${index}`));
    transport.take({ ...UNTOUCHED, version: 1, rules });
    if (by === 'transports') return transport;
    const relay = new RelayTransport(transport);
    relay.use(true);
    return relay;
  }

  return {
    async mesh(listeners) {
      const transports = listeners.map((listener, index) => {
        const transport = make(index);
        transport.start(listener);
        return transport;
      });
      const bare = transports.map((transport) => beneath.get(transport)!);
      for (const a of bare) for (const b of bare) if (a !== b) network.connect(a, b);
      time.runFor(0);
      return transports;
    },
    drop: (a, b) => network.disconnect(beneath.get(a)!, beneath.get(b)!, 'dropped'),
    relink: (a, b) => network.connect(beneath.get(a)!, beneath.get(b)!),
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

function rulesOf(faults: Faults | undefined): LinkRule[] {
  if (faults === undefined) return [];
  const directions = NODES.flatMap((from) => NODES.map((to) => ({ from, to, ...faults })));
  return v.parse(
    v.array(linkRuleSchema),
    directions.filter(({ from, to }) => from !== to),
  );
}

/** Each frame takes as long as it likes: only the transport keeps the stream in order. */
export function uneven(): Delay {
  const random = new Random('uneven delays');
  return (_from, _to, lane) =>
    lane === 'datagram' && random.next() < 0.3 ? Infinity : random.next() * 100;
}

/** Rules that take back nothing of what a transport promises, one by one and together. */
const EACH_HARMLESS: readonly Faults[] = [
  { latencyMs: 80, jitterMs: 80 },
  { latencyMs: 60, jitterMs: 20, latencyShape: 'normal' },
  { latencyMs: 50, jitterMs: 150, latencyShape: 'long-tailed' },
  { reorder: 0.3, reorderMs: 200 },
  { bytesPerSecond: 2_000_000, queueBytes: MAX_QUEUE_BYTES },
  { bytesPerSecond: 200_000, queueBytes: 100_000, burstBytes: 50_000 },
];
const ALL_HARMLESS: Faults = Object.assign({}, ...EACH_HARMLESS.slice(2, 5));
export const HARMLESS: readonly Faults[] = [...EACH_HARMLESS, ALL_HARMLESS];
