import type { Vector } from '../clocks/vector.ts';
import type { NodeId } from '../vocabulary.ts';

/** Something that a node told everyone. */
export interface Broadcast {
  readonly id: string;
  readonly from: NodeId;
  /** The vector clock of the event that sent it. */
  readonly vector: Vector;
}

export interface CausalHistory {
  readonly broadcasts: readonly Broadcast[];
  /** By node: the ids of what it delivered to its application, in that order, its own included. */
  readonly deliveries: ReadonlyMap<NodeId, readonly string[]>;
}

export type CausalViolation =
  | {
      /** `cause` happened before `message`; the node delivered it after `message`, or not at all. */
      readonly violation: 'effect before cause' | 'effect without cause';
      readonly node: NodeId;
      readonly message: string;
      readonly cause: string;
    }
  | {
      readonly violation: 'delivered twice' | 'delivered but never sent';
      readonly node: NodeId;
      readonly message: string;
    };

/**
 * Did every node that delivered a message deliver before it all broadcasts that its sender could have
 * known of? Costs the square of the number of broadcasts, for each node.
 */
export function checkCausalDelivery({ broadcasts, deliveries }: CausalHistory): CausalViolation[] {
  const byId = new Map(broadcasts.map((broadcast) => [broadcast.id, broadcast]));
  const violations: CausalViolation[] = [];
  for (const [node, ids] of deliveries) {
    const sometime = new Set(ids);
    const delivered = new Set<string>();
    for (const id of ids) {
      const message = byId.get(id);
      if (message === undefined) {
        violations.push({ violation: 'delivered but never sent', node, message: id });
        continue;
      }
      if (delivered.has(id)) {
        violations.push({ violation: 'delivered twice', node, message: id });
        continue;
      }
      delivered.add(id);
      for (const cause of broadcasts) {
        if (delivered.has(cause.id) || !happenedBefore(cause, message)) continue;
        const violation = sometime.has(cause.id) ? 'effect before cause' : 'effect without cause';
        violations.push({ violation, node, message: id, cause: cause.id });
      }
    }
  }
  return violations;
}

/** Whoever knows of an event of a node knows of all its earlier ones, so one entry decides. */
function happenedBefore(cause: Broadcast, message: Broadcast): boolean {
  const sent = cause.vector.get(cause.from) ?? Infinity;
  return (message.vector.get(cause.from) ?? 0) >= sent && cause.id !== message.id;
}
