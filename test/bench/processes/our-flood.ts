import { flood, type Flood } from '../../../src/gossip/flood.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { answer } from './answer.ts';
import { delays, graph, measure, TEXT, type FloodLoad, type FloodRun } from './flood-graph.ts';

/** The simulator with tracing off: whole nodes over the in-memory network. */

/** Far more than any rumour takes. */
const LIMIT_MS = 1_000_000;

function run(load: FloodLoad): FloodRun {
  const cluster = new Cluster<Flood>({
    nodes: load.nodes,
    seed: 1,
    protocols: (node) => node.add(flood),
    delay: delays(),
  });
  for (const [a, b] of graph(load)) cluster.link(a, b);
  cluster.time.runFor(0);
  return measure(
    load,
    (node) => cluster.members[node]!.protocols.broadcast(TEXT),
    () => {
      if (!cluster.time.runUntilQuiet(LIMIT_MS)) throw new Error('a flood never ended');
    },
    () =>
      cluster.members.reduce((sum, { node }) => sum + node.metrics()['flood']!.messagesReceived, 0),
  );
}

answer({ run });
