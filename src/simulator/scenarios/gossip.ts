import { ALL_FAULTS } from '../fault.ts';
import { MAX_HELD_MS } from '../../gossip/causal.ts';
import type { GossipChoices } from '../../gossip/gossip.ts';
import type { Milliseconds } from '../../vocabulary.ts';
import type { Random } from '../random.ts';
import type { Scenario, Violation } from '../scenario.ts';
import {
  allHave,
  alwaysHolds,
  drawSpread,
  gossipingNode,
  tell,
  type BroadcastAction,
  type Gossiping,
  type GossipRun,
} from './gossiping.ts';
import { linksOf, partsOf, spanned, survivors } from '../survivors.ts';

/** So often an operation is a new choice of how news spreads, at one node alone. */
const CHOOSES_ANEW = 0.2;

/** Some runs do without comparisons: only then what a strategy misses is seen. */
const COMPARES = 0.5;
const CAUSAL = 0.3;

/** The first of the values that are told when the faults are over. */
const FIRST_FINAL = 1_000_000;

const SAFETY_MS: Milliseconds = 30_000;

/** A few comparisons along a chain of nodes, with answers that wait for slow disks. */
const CATCHING_UP_MS: Milliseconds = 10_000;

/**
 * The first broadcast after the faults finds the links that are left and the trees are whole again,
 * unless somebody has died without a word: a link may just have been pruned in favour of one of theirs.
 * The hints of that broadcast show it, and with the next one, so much later, all trees are whole.
 */
const SPEAKS_AGAIN_AFTER_MS: Milliseconds = 8_000;
/** By then the first one has arrived everywhere, over slow disks too. */
const WHOLE_AFTER_MS: Milliseconds = 7_000;

/**
 * Broadcasts spread as the seed has chosen, and some nodes choose anew in the midst of it. With
 * comparisons every living node has in the end whatever any living node was told, and each once.
 * Without them, what is told after the faults reaches everyone by trees and by flooding, and each
 * tree is whole again.
 */
export const gossipScenario: Scenario<Gossiping, BroadcastAction> = {
  name: 'gossip',
  faults: ALL_FAULTS,
  safetyMs: SAFETY_MS,
  livenessMs: MAX_HELD_MS + CATCHING_UP_MS,

  protocols: (node, _life, _index, random) => gossipingNode(node, draw(random)),

  operate(run, index, value) {
    const { gossip, choices } = run.cluster.members[index]!.protocols;
    if (run.random.next() >= CHOOSES_ANEW) tell(run, index, value);
    else gossip.use({ ...choices, ...drawSpread(run.random), causal: run.random.next() < CAUSAL });
  },

  healed(run) {
    // The links that the heal opens are up once their ends have heard of it.
    run.cluster.time.runFor(0);
    const living = survivors(run);
    for (const { index, machine } of living) {
      const { gossip, choices } = machine.protocols;
      gossip.use(choices);
      tell(run, index, FIRST_FINAL + index);
    }
    run.cluster.time.after(SPEAKS_AGAIN_AFTER_MS, () => {
      for (const { index } of living) tell(run, index, 2 * FIRST_FINAL + index);
    });
  },

  safety(run) {
    const sinceHeal = run.cluster.time.now() - SAFETY_MS;
    const isWhole = sinceHeal >= WHOLE_AFTER_MS && run.dead.size === 0;
    return [...alwaysHolds(run), ...(isWhole ? brokenTrees(run) : [])];
  },

  liveness(run) {
    const wrong = partsOf(linksOf(run)).flatMap((part): Violation[] => {
      const { antiEntropy, spread } = run.cluster.members[part[0]!]!.protocols.choices;
      if (spread === 'rumour' && !antiEntropy) return [];
      const all = new Set(part.flatMap((index) => toldTo(run, index)));
      const must = antiEntropy ? all : new Set([...all].filter((id) => isFinal(run, id)));
      return allHave(run, part, must);
    });
    return wrong.length > 0 ? wrong : brokenTrees(run);
  },
};

function draw(random: Random): GossipChoices {
  const antiEntropy = random.next() < COMPARES;
  return { ...drawSpread(random), antiEntropy, causal: random.next() < CAUSAL };
}

function toldTo(run: GossipRun, index: number): string[] {
  return run.cluster.members[index]!.protocols.delivered.map(({ id }) => id);
}

function isFinal({ history }: GossipRun, id: string): boolean {
  return history.some(({ action }) => action.id === id && action.value >= FIRST_FINAL);
}

/**
 * All of the living have told something since the faults: so from each its own tree leads to all others
 * that links lead to. Where comparisons bring what a tree misses, it may wait for a later hint.
 */
function brokenTrees(run: GossipRun): Violation[] {
  const { members } = run.cluster;
  return partsOf(linksOf(run)).flatMap((part) => {
    const { antiEntropy, spread } = members[part[0]!]!.protocols.choices;
    if (spread !== 'tree' || antiEntropy) return [];
    const indexes = new Map(part.map((index) => [members[index]!.id, index]));
    return part.flatMap((root): Violation[] => {
      const next = (index: number) =>
        members[index]!.protocols.gossip.passesOn(members[root]!.id).flatMap(
          (id) => indexes.get(id) ?? [],
        );
      const found = spanned(root, next);
      const cutOff = part.filter((index) => !found.has(index));
      if (cutOff.length === 0) return [];
      const text = `the tree of node ${root} does not lead to ${cutOff.join(', ')}`;
      return [{ rule: 'after the faults every tree is whole', text }];
    });
  });
}
