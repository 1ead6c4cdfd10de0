import { gossip, type Gossip, type GossipChoices } from '../../../src/gossip/gossip.ts';
import { DEFAULT_CHOICES } from '../../../src/network/room-choices.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import { Random } from '../../../src/simulator/random.ts';
import { Chronicle } from '../../../src/trace/chronicle.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import { ANIMALS } from './names.ts';

export interface NewsFixture {
  readonly chronicle: Chronicle;
  readonly now: number;
  readonly nameOf: (node: NodeId) => string;
}

interface NewsClass {
  readonly nodes: number;
  /** Neighbours on the round, and as many by chance across it. */
  readonly near: number;
  readonly choices?: Partial<GossipChoices>;
  /** What happens; each has its nodes linked and its protocols chosen. */
  readonly lesson: (cluster: Cluster<Gossip>) => void;
}

/** What a class in the simulator has told of its broadcasts. */
function newsOf({ nodes, near, choices, lesson }: NewsClass): NewsFixture {
  const chronicle = new Chronicle();
  const chance = new Random('news');
  const cluster = new Cluster<Gossip>({
    nodes,
    seed: 'news',
    delay: () => 8 + 14 * chance.next(),
    protocols: (node) => {
      const protocol = node.add(gossip);
      protocol.use({ ...DEFAULT_CHOICES, ...choices });
      return protocol;
    },
    trace: (event) => chronicle.add(event),
  });
  const linked = new Set<string>();
  const link = (a: number, b: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a];
    if (low === high || linked.has(`${low} ${high}`)) return;
    linked.add(`${low} ${high}`);
    cluster.link(low, high);
  };
  for (let a = 0; a < nodes; a++)
    for (let i = 1; i <= near; i++) {
      link(a, (a + i) % nodes);
      link(a, chance.below(nodes));
    }
  lesson(cluster);
  const names = new Map(cluster.members.map(({ id }, i) => [id, ANIMALS[i] ?? `Node ${i}`]));
  return {
    chronicle,
    now: cluster.time.now(),
    nameOf: (node) => names.get(node) ?? node,
  };
}

function say(cluster: Cluster<Gossip>, index: number, thenMs: number): void {
  const { node, protocols } = cluster.members[index]!;
  node.step(() => protocols.broadcast('news'));
  cluster.time.runFor(thenMs);
}

/** A tree that has grown, when a third of all messages is lost; two nodes hear nothing for a while. */
function mended(cluster: Cluster<Gossip>): void {
  for (let i = 0; i < 8; i++) say(cluster, 6, 1_000);
  const ids = cluster.members.map(({ id }) => id);
  const apart = new Set(ids.slice(0, 2));
  const rules = ids.flatMap((from) =>
    ids
      .filter((to) => to !== from)
      .map((to) =>
        apart.has(from) === apart.has(to)
          ? { from, to, loss: 0.2 }
          : { from, to, blackhole: true as const },
      ),
  );
  cluster.setRules(rules);
  say(cluster, 6, 2_500);
  cluster.setRules([]);
  cluster.time.runFor(4_000);
}

export const NEWS: ReadonlyMap<string, () => NewsFixture> = new Map([
  ['empty', () => newsOf({ nodes: 8, near: 2, lesson: ({ time }) => time.runFor(1_000) })],
  [
    'small',
    () =>
      newsOf({
        nodes: 8,
        near: 1,
        lesson: (cluster) => {
          for (let i = 0; i < 3; i++) say(cluster, i, 1_500);
        },
      }),
  ],
  ['mended', () => newsOf({ nodes: 24, near: 2, lesson: mended })],
  [
    'rumour',
    () =>
      newsOf({
        nodes: 60,
        near: 3,
        choices: { spread: 'rumour', rumourRounds: 4, antiEntropy: false },
        lesson: (cluster) => say(cluster, 0, 6_000),
      }),
  ],
]);
