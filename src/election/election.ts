import type { Choice } from '../network/election-choice.ts';
import type { Cancel, Host, Store } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';

/** A learner follows without a vote, where votes are counted. */
export const ROLES = ['follower', 'candidate', 'leader', 'learner'] as const;
export type Role = (typeof ROLES)[number];

/** What a node holds of who leads. Two nodes may hold different things: that is what elections are about. */
export interface Standing {
  readonly role: Role;
  /** Null where this node knows of none. */
  readonly leader: NodeId | null;
  /** How often somebody has begun to lead, as far as this node knows. */
  readonly term: number;
}

/** The timer that a node elects by, in its own monotonic time: what a page draws as an arc. */
export interface ElectionTimer {
  readonly startedAt: Milliseconds;
  readonly endsAt: Milliseconds;
}

/**
 * A way to come by a leader. It opens nothing in its constructor, no step of it awaits, and it does
 * everything through its world. One runs at a time; see `elections.ts`.
 */
export interface Election<Message> {
  start(): void;
  /** After this it sends nothing and its timers are cancelled. */
  stop(): void;
  /** `message` has passed its schema and belongs to this run. */
  receive(from: NodeId, message: Message): void;
  neighbourUp?(id: NodeId): void;
  neighbourDown?(id: NodeId): void;
  resumed?(gapMs: Milliseconds): void;
  /** It is to lead no longer, if it does. */
  stepDown?(): void;

  /** The class has chosen other voters. */
  votersChanged?(): void;
  standing(): Standing;
  /** It notes its standing by itself: what is on its disk is noted when it is durable. */
  readonly notesItself?: true;
  /** Null while it waits for nothing. */
  timer(): ElectionTimer | null;
  inspect(): Json;
  /** What it hands on to a next run of the same algorithm, if this node is the one that begins it. */
  bequeath?(): Json;
}

/** All that a way to elect may ask for. Its clock and its delays pass as slowly as the class has chosen. */
export interface ElectionWorld<Message> extends Pick<
  Host<Message>,
  'self' | 'incarnation' | 'neighbours' | 'monotonic' | 'random' | 'send' | 'record'
> {
  /** Which run of which algorithm this is. */
  readonly choice: Choice;
  after(delayMs: Milliseconds, callback: () => void): Cancel;
  /** Whom the class has chosen to vote, where votes are counted; null if it has chosen nobody. */
  voters(): readonly NodeId[] | null;
  /** This run's own part of the disk. */
  readonly store: Store;
}
