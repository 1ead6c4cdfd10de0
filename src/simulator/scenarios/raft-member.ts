import { addElectorate, type Electorate } from '../../election/electorate.ts';
import { DEFAULT_OPTIONS, type RaftOptions } from '../../election/raft/options.ts';
import { raftWith } from '../../election/raft/raft.ts';
import type { Node } from '../../runtime/node.ts';
import type { Incarnation } from '../../vocabulary.ts';
import type { Random } from '../random.ts';

/** A node that takes part in Raft, and its one client, who asks one thing at a time. */
export interface RaftMember extends Electorate {
  /** The client's name in the history. Whoever was never answered goes on under another. */
  readonly life: string;
  gaveUp: number;
  isWaiting: boolean;
  /** What the client was told last of each key, for its next compare-and-set. */
  readonly seen: Map<string, string>;
}

/** How the group of a seed runs: often as in a class, at times without what makes it calm, or in small steps. */
export function drawOptions(random: Random): RaftOptions {
  return {
    ...DEFAULT_OPTIONS,
    preVote: random.next() < 0.7,
    checkQuorum: random.next() < 0.7,
    maxEntries: random.next() < 0.5 ? DEFAULT_OPTIONS.maxEntries : 1 + random.below(4),
    maxInFlight: 1 + random.below(DEFAULT_OPTIONS.maxInFlight),
    snapshotAfter: 4 + random.below(60),
    keepBehind: random.below(4),
  };
}

export function raftMember(
  node: Node,
  life: Incarnation,
  index: number,
  options: RaftOptions,
): RaftMember {
  const electorate = addElectorate(node, (machine) => [raftWith(machine, options)]);
  const client = { life: `${index}.${life}`, gaveUp: 0, isWaiting: false, seen: new Map() };
  return { ...electorate, ...client };
}

/** What elects, of whatever a node runs. */
interface Electing {
  readonly members: readonly {
    readonly node: Node;
    readonly protocols: Pick<Electorate, 'elections'>;
  }[];
}

/** Somebody begins, unless there is a group that anybody may know of. */
export function found({ members }: Electing, index: number): void {
  if (members.some(({ protocols }) => protocols.elections.choice !== null)) return;
  const { node, protocols } = members[index]!;
  node.step(() => protocols.elections.switchTo('raft'));
}
