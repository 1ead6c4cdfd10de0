import * as v from 'valibot';
import type { NodeId } from '../vocabulary.ts';
import type {
  Answer,
  Enter,
  IceAdvice,
  Member,
  Present,
  Refusal,
  Relay,
  RoomInfo,
  Settings,
  Signal,
} from '../wire/signaling-messages.ts';
import type { NetworkChange, NetworkDocument } from './network-document.ts';
import type { NodeAct } from './node-condition.ts';

/**
 * Every event of the control plane. It stands here and not beside the other messages in `wire/`,
 * because it also carries what the teacher lays upon the network.
 */

/** What a tab gets when it is let in. */
export interface Admission {
  readonly room: RoomInfo;
  readonly members: readonly Member[];
  readonly ice: IceAdvice;
  /** The address under which the server believes that others on the network reach this room. */
  readonly joinUrl: string;
  readonly network: NetworkDocument;
}

/** A sentence of a student's tab is shown to the teacher: one line, no more. */
export const MAX_REASON_LENGTH = 200;

/** What a tab answers to an act: done, or why not, in a sentence. */
export const actAnswerSchema = v.variant('ok', [
  v.object({ ok: v.literal(true) }),
  v.object({
    ok: v.literal(false),
    message: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_REASON_LENGTH)),
  }),
]);
export type ActAnswer = v.InferOutput<typeof actAnswerSchema>;

type Reply<Value> = (answer: Answer<Value>) => void;

/** socket.io events from a tab. Each that can be refused takes a reply. */
export interface TabToServer {
  enter(enter: Enter, reply: Reply<Admission>): void;
  /** Best effort, like the post: refusals come back as `refused`. */
  signal(relay: Relay): void;
  present(present: Present, reply: Reply<object>): void;
  leave(): void;
  /** The teacher's alone, down to the end. */
  settings(settings: Settings, reply: Reply<{ room: RoomInfo }>): void;
  remove(remove: { id: NodeId }, reply: Reply<object>): void;
  end(reply: Reply<object>): void;
  /** Answers the document as it is then: a newer one, or the same if nothing changed. */
  network(change: NetworkChange, reply: Reply<{ document: NetworkDocument }>): void;
  /** The answer is that of the node's tab, or that it gave none. */
  act(act: NodeAct, reply: Reply<object>): void;
}

/** socket.io events to a tab. */
export interface ServerToTab {
  /** A member came, or something about it changed. */
  member(member: Member): void;
  /** A member is gone for good. */
  gone(id: NodeId): void;
  room(room: RoomInfo): void;
  signal(signal: { from: NodeId; nonce: string; signal: Signal }): void;
  /** From now on this is laid upon the network. */
  network(document: NetworkDocument): void;
  /** To the node that it names alone. */
  act(act: NodeAct, reply: (answer: ActAnswer) => void): void;
  /** Somebody else asks for this tab's seat with its secret; one that still lives says so. */
  there(reply: () => void): void;
  refused(refusal: Refusal): void;
  /** This tab is out of the room, and must not come back by itself: removed, superseded, room-ended. */
  out(refusal: Refusal): void;
}
