import type { Delivery } from '../../src/gossip/delivery.ts';
import { gossip, type Gossip, type GossipChoices } from '../../src/gossip/gossip.ts';
import type { GossipMessage } from '../../src/gossip/messages.ts';
import { DEFAULT_CHOICES } from '../../src/network/room-choices.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';

/** Far more events than any of these tests needs: a storm fails, and does not hang. */
const STORM = 200_000;

export const LONG_MS = 60_000;

/** A message that arrived, by the indexes of the nodes. */
export interface Arrived {
  readonly from: number;
  readonly to: number;
  readonly at: Milliseconds;
  readonly message: GossipMessage;
}

interface Options {
  readonly choices?: Partial<GossipChoices>;
  readonly seed?: string | number;
  readonly delay?: (from: number, to: number) => Milliseconds;
}

/** A cluster that gossips, with what each node delivered, what arrived, and all that happened. */
export function gossipCluster(nodes: number, { choices, seed = 1, delay }: Options = {}) {
  const events: TraceEvent[] = [];
  const arrived: Arrived[] = [];
  /** By node, of its present life. */
  const delivered: Delivery[][] = [];
  const index = (id: NodeId) => cluster.members.findIndex((member) => member.id === id);
  const cluster: Cluster<Gossip> = new Cluster<Gossip>({
    ...{ nodes, seed },
    ...(delay && { delay: (from, to) => delay(index(from), index(to)) }),
    protocols: (node, _life, self) => {
      const mine: Delivery[] = [];
      delivered[self] = mine;
      const protocol = node.add({
        ...gossip,
        create: (host) => {
          const made = gossip.create(host);
          const receive = made.receive.bind(made);
          made.receive = (from, message) => {
            arrived.push({ from: index(from), to: self, at: cluster.time.now(), message });
            receive(from, message);
          };
          return made;
        },
      });
      protocol.onDeliver((delivery) => mine.push(delivery));
      protocol.use({ ...DEFAULT_CHOICES, ...choices });
      return protocol;
    },
    trace: (event) => {
      events.push(event);
      if (events.length > STORM) throw new Error('a broadcast storm');
    },
  });
  const at = (node: number): Gossip => cluster.members[node]!.protocols;
  const link = (...links: (readonly [number, number])[]) => {
    for (const [a, b] of links) cluster.link(a, b);
    cluster.time.runFor(0);
  };
  const notes = (kind: string) =>
    events.flatMap((event) =>
      event.type === 'note' && event.kind === kind
        ? [{ node: index(event.node), detail: event.detail }]
        : [],
    );
  const kinds = () => countOf(arrived.map(({ message }) => message.type));
  const payloads = (node: number) => delivered[node]!.map(({ payload }) => payload);
  return { cluster, events, arrived, delivered, at, link, notes, kinds, payloads, index };
}

export function countOf(words: readonly string[]): { readonly [word: string]: number } {
  const counts: { [word: string]: number } = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Only what the strategy itself does is seen. */
export const ALONE: Partial<GossipChoices> = { antiEntropy: false };
