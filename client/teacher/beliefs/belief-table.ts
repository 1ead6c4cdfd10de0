import {
  majorityVerdicts,
  type Beliefs,
  type MajorityVerdict,
} from '../../../src/membership/majority.ts';
import type { Verdict } from '../../../src/membership/verdict.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { ObservedNode } from '../../session/snapshots.ts';
import { lookOfObserved, type NodeLook } from '../../views/marks/node-look.ts';

/** Who holds whom for what, as a table: rows believe, columns are believed of. */
export interface BeliefTable {
  /** By name, the same nodes as the rows. */
  readonly columns: readonly BeliefColumn[];
  readonly rows: readonly BeliefRow[];
}

export interface BeliefColumn {
  readonly id: NodeId;
  readonly name: string;
  /** What the class as a whole holds of it; null while nobody says anything of it. */
  readonly majority: MajorityVerdict | null;
  /** What it is, as seen from above. */
  readonly look: NodeLook;
  /** Whether it lives, as seen from above; null where that is not known. */
  readonly lives: boolean | null;
  /** The majority holds it for what it is not. */
  readonly mistaken: boolean;
}

export interface BeliefRow {
  readonly id: NodeId;
  readonly name: string;
  /** False for one that says nothing: it has crashed, or is out of sight. */
  readonly tells: boolean;
  /** One a column. */
  readonly cells: readonly BeliefCell[];
}

export interface BeliefCell {
  readonly of: NodeId;
  /** Null where it says nothing, and of itself. */
  readonly verdict: Verdict | null;
  readonly self: boolean;
  /** Not all agree, and this is not what most hold. */
  readonly lit: boolean;
}

/** @param nodes by name */
export function beliefTable(nodes: readonly ObservedNode[], beliefs: Beliefs): BeliefTable {
  const majority = new Map(majorityVerdicts(beliefs).map((each) => [each.id, each]));
  const columns = nodes.map((node) => columnOf(node, majority.get(node.id) ?? null));
  const rows = nodes.map(({ id, name }) => {
    const held = beliefs.get(id);
    const cells = columns.map(({ id: of, majority: most }): BeliefCell => {
      const self = of === id;
      const verdict = self ? null : (held?.get(of) ?? null);
      const lit = verdict !== null && most !== null && verdict !== most.verdict;
      return { of, verdict, self, lit };
    });
    return { id, name, tells: held !== undefined, cells };
  });
  return { columns, rows };
}

function columnOf(node: ObservedNode, majority: MajorityVerdict | null): BeliefColumn {
  const lives = livesOf(node);
  const { id, name } = node;
  const mistaken =
    (lives === true && majority?.verdict === 'dead') ||
    (lives === false && majority?.verdict === 'alive');
  return { id, name, majority, look: lookOfObserved(node), lives, mistaken };
}

/** A node that cannot be seen may be dead, or only far away. */
function livesOf({ state, watched, present }: ObservedNode): boolean | null {
  if (state === 'crashed') return false;
  if (watched && state !== null) return true;
  return watched || present ? null : false;
}
