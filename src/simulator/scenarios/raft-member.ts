import type { Algorithm } from '../../election/algorithm.ts';
import { electionsOf, type Elections } from '../../election/elections.ts';
import { kvOver, type Kv } from '../../election/kv/kv.ts';
import { raftSchema, type RaftMessage } from '../../election/raft/messages.ts';
import { DEFAULT_OPTIONS, type RaftOptions } from '../../election/raft/options.ts';
import { Raft } from '../../election/raft/raft.ts';
import type { Node } from '../../runtime/node.ts';
import type { Incarnation } from '../../vocabulary.ts';
import type { Random } from '../random.ts';

/** A node that takes part in Raft, and its one client, who asks one thing at a time. */
export interface RaftMember {
  readonly elections: Elections;
  readonly kv: Kv;
  readonly raft: () => Raft | null;
  /** The client's name in the history. Whoever was never answered goes on under another. */
  readonly life: string;
  gaveUp: number;
  isWaiting: boolean;
  /** What the client was told last of each key, for its next compare-and-set. */
  readonly seen: Map<string, string>;
}

/** How the group of a seed runs: often as in a class, at times without what makes it calm, or in small steps. */
function drawOptions(random: Random): RaftOptions {
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

/** @param setting the same chance for all members of a run */
export function raftMember(
  node: Node,
  life: Incarnation,
  index: number,
  setting: Random,
): RaftMember {
  const options = drawOptions(setting);
  const raft = () => (elections.election instanceof Raft ? elections.election : null);
  const kv = node.add(kvOver(raft));
  const { machine } = kv;
  const algorithm: Algorithm<RaftMessage> = {
    name: 'raft',
    schema: raftSchema,
    create(world) {
      machine.restore(null);
      return new Raft(world, machine, null, options);
    },
  };
  const elections = node.add(electionsOf([algorithm]));
  const client = { life: `${index}.${life}`, gaveUp: 0, isWaiting: false, seen: new Map() };
  return { elections, kv, raft, ...client };
}
