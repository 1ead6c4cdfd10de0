import type { GenericSchema } from 'valibot';
import type { AlgorithmName } from '../network/election-choice.ts';
import type { Election, ElectionWorld } from './election.ts';

/** How a mesh comes to run a way to elect: its name, what its messages look like, how it is made. */
export interface Algorithm<Message> {
  readonly name: AlgorithmName;
  /** Every arriving message is checked against this before the algorithm sees it. */
  readonly schema: GenericSchema<unknown, Message>;
  create(world: ElectionWorld<Message>): Election<Message>;
}

/** Of any message type: an algorithm gets only what its own schema has passed. */
export type AnyAlgorithm = Algorithm<unknown>;
