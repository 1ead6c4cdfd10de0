import { gossip, type Gossip } from '../../../src/gossip/gossip.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { Random } from '../../../src/simulator/random.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';
import { graph } from '../processes/flood-graph.ts';

/**
 * What a broadcast over its origin's tree costs in messages, beside the N - 1 that it cannot do
 * without. All of it is real: `Gossip` as a tab runs it, by default choices, over the simulator's nodes
 * and network.
 */
export interface TreeLoad {
  readonly nodes: number;
  /** Links a node has on average. */
  readonly degree: number | 'full';
  /** So many are counted, each by another node in turn, after each node has broadcast once. */
  readonly broadcasts: number;
  readonly seeds: number;
}

export interface TreeResult {
  /** Messages that carry broadcasts. */
  readonly payloadPerBroadcast: number;
  /** All others of the protocol: hints, PRUNE and GRAFT, comparisons. */
  readonly controlPerBroadcast: number;
  readonly theory: number;
  /** The same for the first broadcast of each node, which finds its tree. */
  readonly firstPayloadPerBroadcast: number;
  readonly firstControlPerBroadcast: number;
  /** The share of nodes that it reached. */
  readonly reached: number;
}

/** A calm room: somebody says something five times a second. */
const GAP_MS: Milliseconds = 200;
/** What is under way has arrived, and hints have been given. */
const SETTLED_MS: Milliseconds = 2_000;
/** A school's Wi-Fi: 1 to 10 ms. */
const MAX_DELAY_MS: Milliseconds = 10;

interface Count {
  payload: number;
  control: number;
}

export function treeCost({ nodes, degree, broadcasts, seeds }: TreeLoad): TreeResult {
  const first: Count = { payload: 0, control: 0 };
  const later: Count = { payload: 0, control: 0 };
  let deliveries = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new Random(`tree cost ${seed}`);
    let count: Count = { payload: 0, control: 0 };
    const cluster = new Cluster<Gossip>({
      ...{ nodes, seed, protocols: (node) => node.add(gossip) },
      delay: () => 1 + (MAX_DELAY_MS - 1) * random.next(),
      trace: (event) => {
        if (event.type !== 'send') return;
        if (event.kind === 'tell' || event.kind === 'repair') count.payload += 1;
        else count.control += 1;
      },
    });
    if (degree === 'full') cluster.linkAll();
    else for (const [a, b] of graph({ nodes, degree }, `graph ${seed}`)) cluster.link(a, b);
    cluster.time.runFor(SETTLED_MS);
    for (const [told, times] of [
      [first, nodes],
      [later, broadcasts],
    ] as const) {
      count = told;
      for (let i = 0; i < times; i++) {
        cluster.members[i % nodes]!.protocols.broadcast({ line: i });
        cluster.time.runFor(GAP_MS);
      }
      cluster.time.runFor(SETTLED_MS);
    }
    for (const { protocols } of cluster.members) deliveries += protocols.inspect().delivered;
  }
  return {
    payloadPerBroadcast: later.payload / broadcasts / seeds,
    controlPerBroadcast: later.control / broadcasts / seeds,
    theory: nodes - 1,
    firstPayloadPerBroadcast: first.payload / nodes / seeds,
    firstControlPerBroadcast: first.control / nodes / seeds,
    reached: deliveries / nodes / (nodes + broadcasts) / seeds,
  };
}
