import { DEAD_AFTER_MS } from '../../membership/neighbour.ts';
import { ping, type Ping } from '../../membership/ping.ts';
import type { Scenario } from '../scenario.ts';

/**
 * Once the faults are over, who lives is alive to all its neighbours and who was killed is dead to
 * them. While they last a verdict may be wrong: no detector can tell slow from dead.
 */
export const pingScenario: Scenario<Ping> = {
  name: 'ping',
  faults: [
    'kill',
    'crash',
    'pause',
    'cut',
    'one-way',
    'blackhole',
    'swizzle',
    'clock-jump',
    'drift',
  ],
  safetyMs: 30_000,
  // Twice the patience: one for those killed at the last moment, one for clocks that ran slow.
  livenessMs: 2 * DEAD_AFTER_MS,

  protocols: (node) => node.add(ping),

  /** It works by itself: nobody asks it for anything. */
  operate() {},

  healed() {},

  safety: () => [],

  liveness({ cluster, dead }) {
    const indexes = new Map(cluster.members.map(({ id }, index) => [id, index]));
    return cluster.members.flatMap(({ transport, protocols }, index) => {
      if (dead.has(index)) return [];
      return transport.neighbours().flatMap((id) => {
        const other = indexes.get(id)!;
        const verdict = protocols.view(id)?.verdict;
        const expected = dead.has(other) ? 'dead' : 'alive';
        if (verdict === expected) return [];
        const text = `node ${index} holds node ${other} for ${verdict}`;
        return [{ rule: `after the faults the ${expected} are held for ${expected}`, text }];
      });
    });
  },
};
