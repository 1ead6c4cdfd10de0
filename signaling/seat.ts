import type { Member } from '../src/wire/signaling-messages.ts';
import type { Milliseconds, NodeId } from '../src/vocabulary.ts';

/** What a seat is for. An onlooker is an observer without the teacher's key. */
export type Post = 'node' | 'observer' | 'onlooker';

/**
 * A place in a room, held by whoever knows the secret. `Session` is the socket's; the room only
 * hands it back.
 */
export interface Seat<Session> {
  readonly id: NodeId;
  readonly secretHash: string;
  post: Post;
  /** Undefined until its admission is durable, and from a restart until the tab has come back. */
  member: Member | undefined;
  session: Session | undefined;
  /** Since when there has been no session. */
  awaySince: Milliseconds;
  /** The nonce of the present attempt with each node of a higher id. */
  readonly attempts: Map<NodeId, string>;
}

/** @param now since when it waits for its tab */
export function makeSeat<Session>(
  id: NodeId,
  secretHash: string,
  post: Post,
  now: Milliseconds,
): Seat<Session> {
  return {
    id,
    secretHash,
    post,
    member: undefined,
    session: undefined,
    awaySince: now,
    attempts: new Map(),
  };
}
