import type { Member, Signal } from '../../src/wire/signaling-messages.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import type { CloseReason } from './connection.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import type { Pacer } from './pacer.ts';
import type { Timers } from './timers.ts';

/** Signals travel through the server, or through a tab that both are linked to. */
export type Route = 'server' | NodeId;

/** What a link asks of the mesh that it belongs to. */
export interface LinkContext {
  readonly room: RoomCode;
  readonly timers: Timers;
  readonly budget: ConnectionBudget;
  /** Calls take turns; answers do not, since the caller has waited already. */
  readonly turns: Pacer;
  selfMember(): Member;
  iceServers(): RTCIceServer[];
  /** There should be a link to it: one that is lost is made again. */
  wants(to: NodeId): boolean;
  /** It may not know by itself that it is to call this tab. */
  mustKnock(to: NodeId): boolean;
  /** A way to reach the other tab with signals now, or null. */
  route(to: NodeId): Route | null;
  post(route: Route, to: NodeId, nonce: string, signal: Signal): void;
}

export type LostReason =
  | CloseReason
  /** The other tab has said nothing to it. */
  | 'no-answer'
  /** It has, and then no more. */
  | 'timeout'
  | 'no-route'
  | 'no-budget'
  | 'garbage'
  | 'replaced'
  | 'unwanted'
  /** A rule forbids it. */
  | 'cut';
