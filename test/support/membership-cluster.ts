import { membership, type Membership } from '../../src/membership/membership.ts';
import type { MembershipMessage } from '../../src/membership/messages.ts';
import type { MemberState, MemberView, Verdict } from '../../src/membership/verdict.ts';
import type { DetectorName } from '../../src/network/room-choices.ts';
import type { Detail, Host } from '../../src/runtime/host.ts';
import { Cluster } from '../../src/simulator/cluster.ts';
import { Random } from '../../src/simulator/random.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';

export interface MembershipClusterOptions {
  readonly seed?: string | number;
  readonly detector?: DetectorName;
  /** By the indexes of their ends; left out, every two nodes have one. */
  readonly links?: readonly (readonly [number, number])[];
  readonly minDelayMs?: Milliseconds;
  readonly maxDelayMs?: Milliseconds;
  readonly loss?: number;
  /** Timers come up to so much too late. */
  readonly lateMs?: Milliseconds;
}

/** What a node sent by this protocol, and when by true time. */
export interface Said {
  readonly at: Milliseconds;
  readonly from: number;
  readonly to: number;
  readonly message: MembershipMessage;
}

/** Nodes that run the membership alone, over a network that a test may make deaf. */
export function membershipCluster(nodes: number, options: MembershipClusterOptions = {}) {
  const {
    seed = 1,
    detector,
    links,
    minDelayMs = 5,
    maxDelayMs = 5,
    loss = 0,
    lateMs = 0,
  } = options;
  const chance = new Random(`weather ${seed}`);
  const late = new Random(`late ${seed}`);
  const noted: { readonly by: number; readonly detail: Detail }[] = [];
  const said: Said[] = [];
  /** Which directions swallow everything; a test may change it as it runs. */
  const network = { swallows: (_from: number, _to: number): boolean => false };
  const indexOf = (id: NodeId) => cluster.members.findIndex((member) => member.id === id);

  const cluster: Cluster<Membership> = new Cluster<Membership>({
    nodes,
    seed,
    delay: (from, to) => {
      const [lost, delay] = [chance.next() < loss, chance.next()];
      if (lost || network.swallows(indexOf(from), indexOf(to))) return Infinity;
      return minDelayMs + delay * (maxDelayMs - minDelayMs);
    },
    protocols: (node, _life, index) => {
      const watched = (host: Host<MembershipMessage>): Host<MembershipMessage> => ({
        ...host,
        send: (to, message) => {
          said.push({ at: cluster.time.now(), from: index, to: indexOf(to), message });
          host.send(to, message);
        },
        record: (kind, detail) => {
          noted.push({ by: index, detail });
          host.record(kind, detail);
        },
        after: (delay, callback) => host.after(delay + late.next() * lateMs, callback),
      });
      const protocol = node.add({
        ...membership,
        create: (host) => membership.create(watched(host)),
      });
      if (detector !== undefined) protocol.use(detector);
      return protocol;
    },
  });
  if (links === undefined) cluster.linkAll();
  for (const [a, b] of links ?? []) cluster.link(a, b);
  cluster.time.runFor(0);

  const view = (by: number, of: number): MemberView | undefined =>
    cluster.members[by]!.protocols.view(cluster.members[of]!.id);
  const state = (by: number, of: number): MemberState | undefined => view(by, of)?.state;
  /** What the others that run hold of one node. */
  const states = (of: number): (MemberState | undefined)[] =>
    cluster.members.flatMap((member, by) =>
      by === of || !member.responsive ? [] : [state(by, of)],
    );
  /** The verdict notes of a node, in order. */
  const notes = (by: number): { peer: number; verdict: Verdict; reason: string; by: number }[] =>
    noted.flatMap(({ by: index, detail }) => {
      if (index !== by) return [];
      const { peer, verdict, reason, by: says } = detail as { [key: string]: string };
      return [
        {
          peer: indexOf(peer as NodeId),
          verdict: verdict as Verdict,
          reason: reason!,
          by: indexOf(says as NodeId),
        },
      ];
    });
  /** Lets time pass until it is so, and says how long that took; fails after a minute. */
  const until = (condition: () => boolean, limitMs: Milliseconds = 60_000): Milliseconds => {
    const start = cluster.time.now();
    while (!condition()) {
      if (cluster.time.now() - start >= limitMs) throw new Error(`not within ${limitMs} ms`);
      cluster.time.runFor(10);
    }
    return cluster.time.now() - start;
  };
  const run = (ms: Milliseconds) => cluster.time.runFor(ms);
  const members = cluster.members;
  return { cluster, members, said, network, view, state, states, notes, until, run };
}
