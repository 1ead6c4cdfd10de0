import { channels, type Channel, type Channels } from '../../src/channels/channels.ts';
import type { LinkRule } from '../../src/network/link-rule.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';

/** Far more than any of these tests needs: a storm fails, and does not hang. */
const STORM = 400_000;

interface Options {
  readonly seed?: string | number;
  /** Those that run the protocol; all if left out. */
  readonly among?: readonly number[];
}

/** What somebody on a channel has heard, in order. */
export interface Heard {
  readonly from: number;
  readonly what: 'up' | 'down' | Uint8Array;
}

/** A cluster whose nodes open channels, and what each opening heard. */
export function channelsCluster(nodes: number, { seed = 1, among }: Options = {}) {
  const events: TraceEvent[] = [];
  const cluster = new Cluster<Channels | null>({
    ...{ nodes, seed },
    protocols: (node, _life, index) =>
      among === undefined || among.includes(index) ? node.add(channels) : null,
    trace: (event) => {
      events.push(event);
      if (events.length > STORM) throw new Error('a storm of events');
    },
  });
  const index = (id: string) => cluster.members.findIndex((member) => member.id === id);
  const at = (node: number): Channels => cluster.members[node]!.protocols!;
  const id = (node: number) => cluster.members[node]!.id;

  /** Opens a channel at a node, and keeps what it hears. */
  function open(node: number, name = 'notes', about = Uint8Array.of(node)) {
    const heard: Heard[] = [];
    const abouts = new Map<number, Uint8Array>();
    const channel: Channel = at(node).open(name, about, {
      up: (peer, said) => {
        heard.push({ from: index(peer), what: 'up' });
        abouts.set(index(peer), said);
      },
      down: (peer) => heard.push({ from: index(peer), what: 'down' }),
      message: (peer, bytes) => heard.push({ from: index(peer), what: bytes }),
    });
    const peers = () => channel.peers().map(index);
    const messages = (from: number) =>
      heard.flatMap(({ from: peer, what }) =>
        peer === from && typeof what !== 'string' ? [what] : [],
      );
    return { channel, heard, abouts, peers, messages };
  }

  /** The same faults on every link, in both directions. */
  function rules(faults: Omit<LinkRule, 'from' | 'to'>): void {
    const ids = cluster.members.map((member) => member.id);
    cluster.setRules(
      ids.flatMap((from) =>
        ids.filter((to) => to !== from).map((to): LinkRule => ({ from, to, ...faults })),
      ),
    );
  }

  const pass = (ms: Milliseconds) => cluster.time.runFor(ms);
  return { cluster, events, at, id, open, rules, pass };
}
