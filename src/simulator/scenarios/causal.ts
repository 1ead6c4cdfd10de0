import { ALL_FAULTS } from '../fault.ts';
import { checkCausalDelivery, type Broadcast } from '../../checkers/causal-delivery.ts';
import { MAX_HELD_MS } from '../../gossip/causal.ts';
import type { Milliseconds, NodeId } from '../../vocabulary.ts';
import type { Scenario, Violation } from '../scenario.ts';
import {
  allHave,
  alwaysHolds,
  drawSpread,
  gossipingNode,
  sourceOf,
  tell,
  type BroadcastAction,
  type Gossiping,
  type GossipRun,
} from './gossiping.ts';
import { linksOf, partsOf, survivors } from '../survivors.ts';

/** Within this time somebody else says something too, who may have heard the first by then or not. */
const ANSWERED_WITHIN_MS: Milliseconds = 400;
const FIRST_ANSWER = 10_000;

/** The first of the values that are told when the faults are over. */
const FIRST_FINAL = 1_000_000;

/** As in `gossip`. */
const CATCHING_UP_MS: Milliseconds = 10_000;

/**
 * The same with causal delivery: at every node causes come before their effects, but where it says that
 * it waited for a cause in vain.
 */
export const causalScenario: Scenario<Gossiping, BroadcastAction> = {
  name: 'causal',
  faults: ALL_FAULTS,
  safetyMs: 30_000,
  livenessMs: MAX_HELD_MS + CATCHING_UP_MS,

  protocols: (node, _life, _index, random) =>
    gossipingNode(node, { ...drawSpread(random), antiEntropy: true, causal: true }),

  operate(run, index, value) {
    const { members, time } = run.cluster;
    tell(run, index, value);
    const other = run.random.below(members.length);
    time.after(run.random.below(ANSWERED_WITHIN_MS), () => {
      if (members[other]!.responsive) tell(run, other, FIRST_ANSWER + value);
    });
  },

  healed(run) {
    // The links that the heal opens are up once their ends have heard of it.
    run.cluster.time.runFor(0);
    for (const { index } of survivors(run)) tell(run, index, FIRST_FINAL + index);
  },

  safety: (run) => [...alwaysHolds(run), ...wrongOrders(run)],

  liveness: (run) =>
    partsOf(linksOf(run)).flatMap((part) => {
      const told = part.flatMap((index) => run.cluster.members[index]!.protocols.delivered);
      return allHave(run, part, new Set(told.map(({ id }) => id)));
    }),
};

/** By an independent judge, who knows what each had delivered when it said something. */
function wrongOrders({ cluster, history }: GossipRun): Violation[] {
  const broadcasts = history.map(({ action: { id, past } }): Broadcast => {
    const vector = new Map(Array.from(past, ([source, newest]) => [asId(source), newest]));
    return { id, from: asId(sourceOf(id).source), vector };
  });
  return cluster.members.flatMap(({ protocols: { delivered } }, index): Violation[] => {
    const excused = new Set(delivered.filter(({ outOfOrder }) => outOfOrder).map(({ id }) => id));
    const ids = delivered.map(({ id }) => id);
    const deliveries = new Map([[asId(String(index)), ids]]);
    return checkCausalDelivery({ broadcasts, deliveries })
      .filter(({ message }) => !excused.has(message))
      .map((wrong) => {
        const { violation, message } = wrong;
        const cause = 'cause' in wrong ? ` for ${wrong.cause}` : '';
        const text = `node ${index} delivered ${message}: ${violation}${cause}`;
        return { rule: 'causes come before their effects', text };
      });
  });
}

/** The judge tells nodes apart by any text; here each life is one. */
function asId(source: string): NodeId {
  return source as NodeId;
}
