import { simulation as simulationOf } from '../../src/simulator/campaign.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { judged } from '../../src/simulator/scenarios/judged.ts';
import { askOn, type QuorumAction } from '../../src/simulator/scenarios/quorum-clients.ts';
import { quorumMember, type QuorumMember } from '../../src/simulator/scenarios/quorum-member.ts';
import { quorumScenario } from '../../src/simulator/scenarios/quorum.ts';

/** Few enough that what a client saw can be told in a lesson. */
const AT_A_STRETCH = 3;

/**
 * Two of three copies are read and two are written, by a strict quorum, and reads do not write back.
 * It is held to what it does not promise, to be one machine: the seeds that fail are what to show to
 * a class that takes r + w > n for consistency.
 */
const scenario: Scenario<QuorumMember, QuorumAction> = {
  ...quorumScenario,
  name: 'quorum-alone',
  faults: ['crash', 'pause', 'cut', 'one-way', 'blackhole', 'partition'],
  protocols: (node, life, index) =>
    quorumMember(node, life, index, {
      ...{ n: 3, r: 2, w: 2, sloppy: false, repair: 'none', wipes: false },
    }),
  /** All at once, as a class does that is told to try it. */
  operate(run, _index, value) {
    run.cluster.members.forEach(({ protocols, responsive }, index) => {
      if (responsive && protocols.waitsFor === 0)
        askOn(run, index, `${value}.${index}`, AT_A_STRETCH);
    });
  },
  healed() {},
  safety: ({ history, cluster }) => judged(history, cluster.time.now()),
  liveness: () => [],
};

/** For `npm run sim -- --scenario-file`. */
export const simulation = simulationOf(scenario);
