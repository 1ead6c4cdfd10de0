import { chooseIndexes } from '../../../src/gossip/choose.ts';
import { HotRumours } from '../../../src/gossip/hot-rumours.ts';
import type { RumourStyle } from '../../../src/network/room-choices.ts';
import { Random } from '../../../src/simulator/random.ts';

/**
 * How many rounds a rumour takes until everyone knows, beside what theory says.
 *
 * Real: whom a node picks (`chooseIndexes`) and how long a rumour is worth telling (`HotRumours`), the
 * code that a tab runs. Not real: rounds in step, a full mesh without links, and nothing sent: so that
 * 10,000 nodes take a second. Each message is lost by chance.
 */
export interface RumourLoad {
  readonly nodes: number;
  readonly style: RumourStyle;
  readonly fanout: number;
  /** 0 to 1. */
  readonly loss: number;
  readonly seeds: number;
  /** How many rounds a node tells what it has learnt; left out, until all know. */
  readonly rounds?: number;
}

export interface RumourResult {
  /** Until nobody learns any more, on average over the seeds. */
  readonly rounds: number;
  /** The share of the nodes that know then. */
  readonly reached: number;
  /** log2 N + ln N: push with fanout 1, nothing lost. */
  readonly theory: number;
  /** The same where a message arrives with probability p: log N by base 1 + p, and ln N / p. */
  readonly theoryWithLoss: number;
}

/** Far more than 10,000 nodes need with half of all lost. */
const MAX_ROUNDS = 1_000;

export function rumourRounds(load: RumourLoad): RumourResult {
  const { nodes, loss, seeds } = load;
  let rounds = 0;
  let known = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const run = spread(load, new Random(`rumour ${seed}`));
    rounds += run.rounds;
    known += run.known;
  }
  const arrives = 1 - loss;
  return {
    rounds: rounds / seeds,
    reached: known / (seeds * nodes),
    theory: Math.log2(nodes) + Math.log(nodes),
    theoryWithLoss: Math.log(nodes) / Math.log(1 + arrives) + Math.log(nodes) / arrives,
  };
}

function spread(load: RumourLoad, random: Random): { rounds: number; known: number } {
  const { nodes, style, fanout, loss, rounds: worth = Infinity } = load;
  const rumours = new Map<number, HotRumours<'rumour'>>();
  const learn = (node: number) => {
    if (rumours.has(node)) return;
    const hot = new HotRumours<'rumour'>(worth, 1);
    hot.add('rumour');
    rumours.set(node, hot);
  };
  const tells = (node: number) => (rumours.get(node)?.size ?? 0) > 0;
  learn(0);
  let last = 0;
  for (let round = 1; round <= MAX_ROUNDS && rumours.size < nodes; round++) {
    const told: number[] = [];
    for (let node = 0; node < nodes; node++) {
      // Who has nothing to tell and does not ask is silent.
      if (style === 'push' && !tells(node)) continue;
      for (const other of neighbours(node, fanout, nodes, random)) {
        if (style !== 'pull' && tells(node) && random.next() >= loss) told.push(other);
        if (style === 'push' || !tells(other)) continue;
        // The question and its answer are two messages.
        if (random.next() >= loss && random.next() >= loss) told.push(node);
      }
    }
    for (const hot of rumours.values()) hot.age();
    const before = rumours.size;
    for (const node of told) learn(node);
    if (rumours.size > before) last = round;
    else if (![...rumours.keys()].some(tells)) break;
  }
  return { rounds: last, known: rumours.size };
}

/** All others are neighbours: their numbers, without the node's own. */
function neighbours(node: number, fanout: number, nodes: number, random: Random): number[] {
  return chooseIndexes(fanout, nodes - 1, random.next).map((index) =>
    index < node ? index : index + 1,
  );
}
