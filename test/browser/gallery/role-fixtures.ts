import type { Role } from '../../../src/election/election.ts';
import type { AlgorithmName } from '../../../src/network/election-choice.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { NodeId } from '../../../src/vocabulary.ts';

/** What one node holds of who leads. */
export interface Held {
  readonly node: NodeId;
  readonly role: Role;
  readonly leader: NodeId | null;
  readonly term: number;
}

/** A leader and those who follow it. */
export function ledBy(leader: NodeId, followers: readonly NodeId[], term: number): Held[] {
  return [
    { node: leader, role: 'leader', leader, term },
    ...followers.map((node): Held => ({ node, role: 'follower', leader, term })),
  ];
}

/** What the nodes told of it. */
export function roles(algorithm: AlgorithmName, held: readonly Held[], at: number): TraceEvent[] {
  return held.map(({ node, role, leader, term }) => ({
    node,
    ...{ incarnation: 9, sequence: 90, lamport: 90, vector: {} },
    ...{ at, wall: at, monotonic: at },
    type: 'note',
    protocol: 'election',
    kind: 'role',
    detail: { group: `1.${held[0]!.node}.1`, birth: 1, algorithm, role, leader, term },
  }));
}
