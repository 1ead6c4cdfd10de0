import {
  makeRoomCode,
  ROOM_CODE_LENGTH,
  type Milliseconds,
  type RoomCode,
} from '../src/vocabulary.ts';
import type { Limits } from './limits.ts';
import { newRoomRecord, type RoomRecord } from './room-record.ts';
import { Room } from './room.ts';

const KEY_BYTES = 16;

/** All rooms by code. Pure: time and random bytes come in. */
export class Directory<Session> {
  #rooms = new Map<RoomCode, Room<Session>>();
  #limits: Limits;
  #randomBytes: (count: number) => Uint8Array;

  constructor(limits: Limits, randomBytes: (count: number) => Uint8Array) {
    this.#limits = limits;
    this.#randomBytes = randomBytes;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get(code: RoomCode): Room<Session> | undefined {
    return this.#rooms.get(code);
  }

  all(): Iterable<Room<Session>> {
    return this.#rooms.values();
  }

  restore(record: RoomRecord, now: Milliseconds): void {
    this.#rooms.set(record.code, new Room(record, this.#limits, now));
  }

  /** The room that is printed at the start: the one of the last time, unless it was ended. */
  house(now: Milliseconds): { room: Room<Session>; isNew: boolean } {
    for (const room of this.#rooms.values())
      if (room.house && !room.ended) return { room, isNew: false };
    return { room: this.#add(true, now), isNew: true };
  }

  /** An ended room is kept only to say that it has ended; it makes way when space is short. */
  create(
    now: Milliseconds,
  ): { room: Room<Session>; forgotten: RoomCode | undefined } | 'too-many-rooms' {
    let forgotten: RoomCode | undefined;
    if (this.#rooms.size >= this.#limits.rooms) {
      forgotten = this.#longestEnded();
      if (!forgotten) return 'too-many-rooms';
      this.#rooms.delete(forgotten);
    }
    return { room: this.#add(false, now), forgotten };
  }

  #longestEnded(): RoomCode | undefined {
    let oldest: Room<Session> | undefined;
    for (const room of this.#rooms.values())
      if (room.ended && (!oldest || room.lastUsedAt < oldest.lastUsedAt)) oldest = room;
    return oldest?.code;
  }

  #add(house: boolean, now: Milliseconds): Room<Session> {
    const key = Buffer.from(this.#randomBytes(KEY_BYTES)).toString('hex');
    const room = new Room<Session>(
      newRoomRecord(this.#freeCode(), key, house, now),
      this.#limits,
      now,
    );
    this.#rooms.set(room.code, room);
    return room;
  }

  /** One in 380,000 is taken when the server is full, so this draws twice at most in a lifetime. */
  #freeCode(): RoomCode {
    for (;;) {
      const code = makeRoomCode(this.#randomBytes(ROOM_CODE_LENGTH));
      if (!this.#rooms.has(code)) return code;
    }
  }
}
