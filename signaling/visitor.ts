import type { Server, Socket } from 'socket.io';
import type { ServerToTab, TabToServer } from '../src/network/control-plane.ts';
import type { Milliseconds } from '../src/vocabulary.ts';
import type { Rate } from './token-bucket.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Room as RoomOf } from './room.ts';
import type { Seat as SeatOf } from './seat.ts';

type NoEvents = Record<string, never>;
export type TabServer = Server<TabToServer, ServerToTab, NoEvents, Visitor>;
export type TabSocket = Socket<TabToServer, ServerToTab, NoEvents, Visitor>;
export type Room = RoomOf<TabSocket>;
export type Seat = SeatOf<TabSocket>;

/** What the server remembers of one socket. Kept small: there are thousands. */
export class Visitor {
  readonly tokens: TokenBucket;
  /** Where it sits. It has a seat from its admission until it leaves, is put out, or is gone. */
  place: { readonly room: Room; readonly seat: Seat; readonly teacher: boolean } | undefined;

  constructor(rate: Rate, now: Milliseconds) {
    this.tokens = new TokenBucket(rate, now);
  }
}
