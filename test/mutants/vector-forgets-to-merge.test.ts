import { expect, test, vi } from 'vitest';
import { flood, type Flood } from '../../src/gossip/flood.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { causalOrder } from '../support/causal-order.ts';

/** The mutant: a vector clock that takes nothing in from the messages it hears. */
vi.mock(import('../../src/clocks/vector.ts'), async (importOriginal) => {
  const { VectorClock, ...rest } = await importOriginal();
  class DeafVectorClock extends VectorClock {
    override merge(): void {}
  }
  return { ...rest, VectorClock: DeafVectorClock };
});

test.each([
  ['with links that fail', true],
  ['with faults off', false],
])('a vector clock that forgets to merge is caught, %s', (_how, faults) => {
  const events: TraceEvent[] = [];
  const cluster = new Cluster<Flood>({
    nodes: 3,
    seed: 1,
    protocols: (node) => node.add(flood),
    trace: (event) => events.push(event),
  });
  cluster.linkAll();
  for (let i = 0; i < 3; i++) {
    cluster.members[i]!.protocols.broadcast(i);
    if (faults) cluster.unlink(i, (i + 1) % 3);
    cluster.time.runFor(10);
  }
  const traces = cluster.members.map(({ id }) => events.filter(({ node }) => node === id));
  expect(causalOrder(traces).disagreements).not.toEqual([]);
});
