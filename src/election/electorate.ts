import type { Node } from '../runtime/node.ts';
import { algorithmsWith } from './algorithms.ts';
import { electionsOf, type Elections } from './elections.ts';
import { kvOver, type Kv } from './kv/kv.ts';
import { Raft } from './raft/raft.ts';

/** A node that elects, and the store on the log of whoever it elects by Raft. */
export interface Electorate {
  readonly elections: Elections;
  readonly kv: Kv;
  /** Its part in the present group; null where it does not elect by Raft. */
  readonly raft: () => Raft | null;
}

/** Adds both to a node, which may run already. They read from the disk what was there. */
export function addElectorate(node: Node, algorithms = algorithmsWith): Electorate {
  const raft = (): Raft | null => (elections.election instanceof Raft ? elections.election : null);
  const kv: Kv = node.add(kvOver(raft));
  const elections: Elections = node.add(electionsOf(algorithms(kv.machine)));
  kv.paceBy(() => elections.slowness);
  return { elections, kv, raft };
}
