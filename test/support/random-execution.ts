import { flood, type Flood } from '../../src/gossip/flood.ts';
import { ping } from '../../src/membership/ping.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { Random } from '../../src/simulator/random.ts';
import { TrueOrder } from './true-order.ts';

const STEPS = 14;
const MAX_STEP_MS = 150;

/**
 * A few seconds in the life of three or four nodes, as the seed has it: they broadcast and ping, over
 * links that lose, double, delay and overtake, are cut and made again; they pause, crash, and restart
 * with their disks or without.
 */
export function randomExecution(seed: number | string): TrueOrder {
  const random = new Random(`execution ${seed}`);
  const truth = new TrueOrder();
  const cluster = new Cluster<Flood>({
    nodes: 3 + random.below(2),
    seed: `cluster ${seed}`,
    delay: () => 1 + random.next() * 80,
    ...(random.next() < 0.5 && { maxWriteMs: 50 }),
    protocols: (node) => {
      truth.watch(node);
      node.add(ping);
      return node.add(flood);
    },
    trace: truth.trace,
  });
  cluster.linkAll();
  spoilLinks(cluster, random);
  for (let step = 0; step < STEPS; step++) {
    strike(cluster, random, step);
    cluster.time.runFor(random.next() * MAX_STEP_MS);
  }
  return truth;
}

function spoilLinks(cluster: Cluster<Flood>, random: Random): void {
  const ids = cluster.members.map(({ id }) => id);
  const conditions = { loss: random.next() * 0.3, duplicate: random.next() * 0.4, reorder: 0.2 };
  const pairs = ids.flatMap((from) => ids.map((to) => ({ from, to })));
  cluster.setRules(
    pairs.filter(({ from, to }) => from !== to).map((pair) => ({ ...pair, ...conditions })),
  );
}

function strike(cluster: Cluster<Flood>, random: Random, value: number): void {
  const { members } = cluster;
  const index = random.below(members.length);
  const machine = members[index]!;
  const other = (index + 1 + random.below(members.length - 1)) % members.length;
  const chance = random.next();
  if (!machine.responsive) {
    machine.resume();
    if (chance < 0.7) cluster.restart(index, random.next() < 0.5);
  } else if (chance < 0.4) machine.protocols.broadcast(value);
  else if (chance < 0.6) machine.pause();
  else if (chance < 0.8) machine.crash();
  else if (chance < 0.9) cluster.unlink(index, other);
  else cluster.link(index, other);
}
