import type { Protocol, ProtocolDefinition } from '../../src/runtime/protocol.ts';
import type { Simulation } from '../../src/simulator/campaign.ts';
import type { Fault } from '../../src/simulator/fault.ts';
import type { TraceEvent } from '../../src/trace/event.ts';

/**
 * Looks for a bug, with faults or without any; true if it found one. It imports what it runs only
 * when it is called: a mutant that is switched in by then is in it.
 */
export interface Check {
  readonly name: string;
  readonly finds: (faults: boolean, effort?: Effort) => Promise<boolean>;
}

/** A bug that is there is looked for until it is found; that none is there, a sample has to show. */
export type Effort = 'all' | 'sample';

const NODES = 5;

/** A bug that is not met in so many runs would be met by a class before us. */
const SEEDS = 200;

const SAMPLE = 25;

interface Search {
  readonly seeds?: number;
  readonly nodes?: number;
  readonly sample?: number;
}

/** Some bugs need more nodes to show; long runs that are full of events, fewer seeds or a smaller sample. */
export function scenario(name: string, search: Search = {}): Check {
  return searched(name, search, async () => {
    const { SIMULATIONS } = await import('../../src/simulator/campaign.ts');
    return SIMULATIONS.find((simulation) => simulation.name === name)!;
  });
}

/** The one whose engine is handed its library. */
export function scenarioWithAutomerge(search: Search = {}): Check {
  return searched('board-automerge', search, async () => {
    const { WITH_AUTOMERGE } = await import('../../src/simulator/campaign.ts');
    return WITH_AUTOMERGE.from(await import('@automerge/automerge'));
  });
}

function searched(
  name: string,
  { seeds = SEEDS, nodes = NODES, sample = SAMPLE }: Search,
  load: () => Promise<Simulation>,
): Check {
  return {
    name: `scenario \`${name}\``,
    async finds(faults, effort = 'all') {
      const { run } = await load();
      const most = effort === 'all' ? seeds : Math.min(seeds, sample);
      for (let seed = 0; seed < most; seed++) {
        const { violations } = run(nodes, seed, faults ? undefined : []);
        if (violations.length > 0) return true;
      }
      return false;
    },
  };
}

/** The order that vector clocks tell, against the true one that follows from what was sent and received. */
export const vectorsAgainstTruth: Check = {
  name: 'vectors against true happened-before',
  async finds(faults) {
    const { flood } = await import('../../src/gossip/flood.ts');
    const { causalOrder } = await import('../support/causal-order.ts');
    const { cluster, traces } = await traced(3, flood);
    for (let i = 0; i < 3; i++) {
      cluster.members[i]!.protocols.broadcast(i);
      if (faults) cluster.unlink(i, (i + 1) % 3);
      cluster.time.runFor(10);
    }
    return causalOrder(traces()).disagreements.length > 0;
  },
};

/** While a link fails one way, nothing comes through that way and all goes on the other way. */
export const deliveriesOneWay: Check = {
  name: 'deliveries over a link that fails one way',
  async finds(faults) {
    const { ping } = await import('../../src/membership/ping.ts');
    const { Nemesis } = await import('../../src/simulator/nemesis.ts');
    const { cluster, traces } = await traced(2, ping);
    const oneWay: Fault = { kind: 'one-way', at: 0, node: 0, other: 1, forMs: 20_000 };
    new Nemesis(cluster, faults ? [oneWay] : []);
    cluster.time.runFor(10_000);
    const [firstHears, secondHears] = traces().map((events) =>
      events.some(({ type }) => type === 'receive'),
    );
    return firstHears !== true || secondHears !== !faults;
  },
};

/** A mesh that was parted for long, so that each half is content with itself, becomes one again. */
export const islandsMeet: Check = {
  name: 'islands that should meet',
  async finds(faults) {
    const room = await overlayRoom(16);
    room.runFor(20_000);
    const { members } = room.cluster;
    const half = new Set(members.slice(8).map(({ id }) => id));
    const across = members.flatMap(({ id: from }) =>
      members.flatMap(({ id: to }) => (half.has(from) === half.has(to) ? [] : [{ from, to }])),
    );
    room.cluster.setRules(faults ? across.map((way) => ({ ...way, blackhole: true })) : []);
    room.runFor(60_000);
    room.cluster.setRules([]);
    return room.oneWithin(10_000) === null;
  },
};

/** A mesh of which nothing fails is never parted, however its views shrink. */
export const shrinkingViews: Check = {
  name: 'views that shrink',
  async finds() {
    for (const seed of [1, 2, 3]) {
      const room = await overlayRoom(16, seed);
      room.use({ fullMeshUpTo: 0, activeView: 8 });
      room.runFor(20_000);
      room.use({ fullMeshUpTo: 0, activeView: 1 });
      for (let step = 0; step < 400; step++) {
        room.runFor(50);
        if (room.parts() > 1) return true;
      }
    }
    return false;
  },
};

/**
 * What is said over a channel arrives once, whole, in order and in the meeting in which it was said,
 * over a link that loses, doubles and delays; and in a meeting that lasts all of it does.
 */
export const wordsOnChannels: Check = {
  name: 'words on channels',
  async finds(faults, effort = 'all') {
    const { WordsOnChannels } = await import('../channels/words-on-channels.ts');
    const seeds = effort === 'all' ? 40 : 10;
    for (let seed = 0; seed < seeds; seed++)
      if (new WordsOnChannels(seed, faults).isBroken()) return true;
    return false;
  },
};

async function overlayRoom(nodes: number, seed = 1) {
  const { OverlayClass } = await import('../support/overlay-class.ts');
  return new OverlayClass({ nodes, seed, fullMeshUpTo: 0, activeView: 3 });
}

/** By phi, a node that dies is suspected within the usual time, whatever its link went through before. */
export const deathAfterAnOutage: Check = {
  name: 'a death after an outage, by phi',
  async finds(faults) {
    const { membership } = await import('../../src/membership/membership.ts');
    const { Nemesis } = await import('../../src/simulator/nemesis.ts');
    const { cluster } = await traced(2, membership);
    const [first, second] = cluster.members;
    first!.protocols.use('phi');
    const outage: Fault = { kind: 'blackhole', at: 20_000, node: 0, other: 1, forMs: 10_000 };
    new Nemesis(cluster, faults ? [outage] : []);
    cluster.time.runFor(40_000);
    second!.crash();
    cluster.time.runFor(2_000);
    return first!.protocols.view(second!.id)!.state !== 'suspect';
  },
};

/** A full mesh, and what happened at each of its nodes so far. */
async function traced<Message, P extends Protocol<Message>>(
  nodes: number,
  definition: ProtocolDefinition<Message, P>,
) {
  const { Cluster } = await import('../../src/simulator/cluster.ts');
  const events: TraceEvent[] = [];
  const cluster = new Cluster<P>({
    nodes,
    seed: 1,
    protocols: (node) => node.add(definition),
    trace: (event) => events.push(event),
  });
  cluster.linkAll();
  const traces = () => cluster.members.map(({ id }) => events.filter(({ node }) => node === id));
  return { cluster, traces };
}
