import { flood, type Flood } from '../../gossip/flood.ts';
import type { Run, Scenario } from '../scenario.ts';

interface Flooding {
  readonly flood: Flood;
  /** What this life has delivered: the values, or ids where no value was sent. */
  readonly delivered: string[];
}

/** Broadcasts told after the heal: the faults are over, so all of these must arrive. */
const FINAL = 'final';

/**
 * Flooding promises nothing for links that open later (FLOOD-1), so only what is told after the heal
 * has to reach everyone. That no life delivers twice holds at all times.
 */
export const floodScenario: Scenario<Flooding> = {
  name: 'flood',
  faults: [
    'kill',
    'crash',
    'wipe',
    'pause',
    'cut',
    'one-way',
    'blackhole',
    'swizzle',
    'clock-jump',
    'drift',
  ],
  safetyMs: 30_000,
  livenessMs: 10_000,

  protocols(node) {
    const protocol = node.add(flood);
    const delivered: string[] = [];
    protocol.onDeliver(({ id, payload }) => delivered.push(`${id} ${JSON.stringify(payload)}`));
    return { flood: protocol, delivered };
  },

  operate({ cluster }, index, value) {
    cluster.members[index]!.protocols.flood.broadcast(value);
  },

  healed(run) {
    // The links that the heal opens are up once their ends have heard of it.
    run.cluster.time.runFor(0);
    const speaker = survivors(run)[0];
    speaker?.machine.protocols.flood.broadcast(FINAL);
  },

  safety({ cluster }) {
    return cluster.members.flatMap(({ protocols: { delivered } }, index) =>
      new Set(delivered).size < delivered.length
        ? [{ rule: 'nothing is delivered twice', text: `node ${index} delivered twice` }]
        : [],
    );
  },

  liveness(run) {
    const reachable = reachableFromFirst(run);
    return survivors(run).flatMap(({ index, machine }) => {
      const heard = machine.protocols.delivered.some((line) => line.endsWith(`"${FINAL}"`));
      if (heard || !reachable.has(index)) return [];
      const text = `node ${index} never heard the last broadcast`;
      return [{ rule: 'what is told after the faults reaches everyone', text }];
    });
  },
};

function survivors({ cluster, dead }: Run<Flooding>) {
  return cluster.members
    .map((machine, index) => ({ machine, index }))
    .filter(({ index }) => !dead.has(index));
}

/** Over links between survivors: the dead pass nothing on. */
function reachableFromFirst(run: Run<Flooding>): ReadonlySet<number> {
  const alive = survivors(run);
  const indexes = new Map(alive.map(({ machine, index }) => [machine.id, index]));
  const reached = new Set(alive.slice(0, 1).map(({ index }) => index));
  for (const index of reached) {
    for (const id of run.cluster.members[index]!.transport.neighbours()) {
      const neighbour = indexes.get(id);
      if (neighbour !== undefined) reached.add(neighbour);
    }
  }
  return reached;
}
