import { flood, type Flood } from '../../gossip/flood.ts';
import type { Scenario } from '../scenario.ts';
import { reachable, survivors } from '../survivors.ts';

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
    const [speaker, ...others] = survivors(run);
    if (speaker === undefined) return [];
    const reached = reachable(run, speaker.index);
    return [speaker, ...others].flatMap(({ index, machine }) => {
      const heard = machine.protocols.delivered.some((line) => line.endsWith(`"${FINAL}"`));
      if (heard || !reached.has(index)) return [];
      const text = `node ${index} never heard the last broadcast`;
      return [{ rule: 'what is told after the faults reaches everyone', text }];
    });
  },
};
