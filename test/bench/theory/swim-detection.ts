import { membership, type Membership } from '../../../src/membership/membership.ts';
import { DIRECT_MS, INDIRECT_MS, PERIOD_MS } from '../../../src/membership/probes.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { Random } from '../../../src/simulator/random.ts';

/**
 * SWIM's first detection. In each period a node pings one other, so a dead one goes unpinged by all
 * N - 1 others in a period with probability (1 - 1 / (N - 1))^(N - 1), about 1 / e; the number of the
 * period in which the first ping meets it is then e / (e - 1) = 1.58 on average, whatever N is.
 */
export const THEORY = Math.E / (Math.E - 1);

/** By then every node has drawn some rounds, and no two are in step. */
const SETTLED_MS = 3_000;

/** From the first ping that a dead node lets be to the suspicion; every healthy node waits for so long. */
const PATIENCE_MS = DIRECT_MS + INDIRECT_MS;

/** Far more rounds than it can take. */
const GIVE_UP_MS = 60_000;

/**
 * Kills one node of a full mesh and counts the periods, from then on, up to and including the one in
 * which the first ping meets it dead: the mean over seeds. All runs are of the protocol as it ships.
 */
export function firstDetection({
  nodes,
  seeds,
}: {
  readonly nodes: number;
  readonly seeds: number;
}): { readonly periods: number; readonly theory: number } {
  let sum = 0;
  for (let seed = 0; seed < seeds; seed++) sum += firstPeriod(nodes, seed);
  return { periods: sum / seeds, theory: THEORY };
}

function firstPeriod(nodes: number, seed: number): number {
  const cluster = new Cluster<Membership>({
    nodes,
    seed: `first detection ${nodes} ${seed}`,
    protocols: (node) => {
      const protocol = node.add(membership);
      protocol.use('swim');
      return protocol;
    },
  });
  cluster.linkAll();
  const { time, members } = cluster;
  time.runFor(SETTLED_MS + new Random(`kill ${seed}`).next() * PERIOD_MS);
  const victim = members[0]!;
  const suspectedAt: number[] = [];
  for (const { protocols } of members.slice(1)) {
    protocols.onVerdict(({ id, verdict }) => {
      if (id === victim.id && verdict === 'suspect') suspectedAt.push(time.now());
    });
  }
  victim.crash();
  const killedAt = time.now();
  while (suspectedAt.length === 0) {
    if (time.now() > killedAt + GIVE_UP_MS) throw new Error('a dead node was never suspected');
    time.runFor(PERIOD_MS);
  }
  // A ping that was on its way when the node died counts for the first period.
  return Math.max(1, Math.ceil((suspectedAt[0]! - PATIENCE_MS - killedAt) / PERIOD_MS));
}
