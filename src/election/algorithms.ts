import type { AnyAlgorithm } from './algorithm.ts';
import { bully } from './bully.ts';
import type { StateMachine } from './consensus.ts';
import { naive } from './naive.ts';
import { raftWith } from './raft/raft.ts';

/** All that this program has. @param machine what a node executes Raft's log with */
export function algorithmsWith(machine: StateMachine): readonly AnyAlgorithm[] {
  return [naive, bully, raftWith(machine)];
}
