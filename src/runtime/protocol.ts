import type { GenericSchema } from 'valibot';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import type { Lane } from '../wire/lane.ts';
import type { Host } from './host.ts';

/**
 * What a protocol must offer. It opens nothing in its constructor, and no step of it ever awaits:
 * each of these calls runs to its end before the next begins.
 */
export interface Protocol<Message> {
  start(): void;

  /** After this the protocol sends nothing; its timers are cancelled by the node. */
  stop(): void;

  /** `message` has passed the protocol's schema; `from` is the neighbour that sent it. */
  receive(from: NodeId, message: Message): void;

  /** A link to a neighbour has opened. */
  neighbourUp?(id: NodeId): void;

  /** A link to a neighbour has closed, for whatever reason. */
  neighbourDown?(id: NodeId): void;

  /** A valid message of a neighbour has arrived, for whichever protocol: a sign of life. */
  heard?(from: NodeId): void;

  /**
   * This node did not run for at least `gapMs`: its tab was frozen, its machine slept, or it was
   * paused on command. Comes before all that waited, so a silence that was its own is blamed on no one.
   */
  resumed?(gapMs: Milliseconds): void;

  /** A snapshot of its state, for people and for checkers. */
  inspect(): Json;
}

/** How a node comes to run a protocol: its name on the wire, what its messages look like, its lane. */
export interface ProtocolDefinition<Message, P extends Protocol<Message>> {
  /** Short and unique in a node; it is in every frame. */
  readonly name: string;
  /** 1 to 255, raised with every change of the schema; messages of another version are dropped. */
  readonly version: number;
  /**
   * Every arriving message is checked against this before the protocol sees it. It says the same of
   * equal messages: it may be asked once for many receivers.
   */
  readonly schema: GenericSchema<unknown, Message>;
  readonly lane: Lane;
  create(host: Host<Message>): P;
}
