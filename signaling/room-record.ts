import * as v from 'valibot';
import { networkDocumentSchema, UNTOUCHED } from '../src/network/network-document.ts';
import { DEFAULT_CAPACITY, MAX_CAPACITY } from '../src/wire/signaling-limits.ts';
import { nameSchema, nodeIdSchema, roomCodeSchema } from '../src/wire/signaling-messages.ts';
import type { Milliseconds, RoomCode } from '../src/vocabulary.ts';

/** Until the teacher gives it another. */
export const DEFAULT_ROOM_NAME = 'Our class';

/** What of a room survives a restart. No names of people: tabs bring theirs when they return. */
export const roomRecordSchema = v.object({
  code: roomCodeSchema,
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  name: nameSchema,
  locked: v.boolean(),
  /** Records of before there were these do not have them. */
  godView: v.optional(v.boolean(), false),
  network: v.optional(networkDocumentSchema, UNTOUCHED),
  capacity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CAPACITY)),
  ended: v.boolean(),
  /** The room that the server opens by itself and prints at its start. */
  house: v.boolean(),
  /** Ids that stay out, the oldest first. */
  removed: v.array(nodeIdSchema),
  /** Who was let in, the oldest first, and who of them held a seat when this was written. */
  known: v.array(
    v.object({
      id: nodeIdSchema,
      secretHash: v.string(),
      seatedAs: v.nullable(v.picklist(['node', 'observer', 'onlooker'])),
    }),
  ),
  createdAt: v.number(),
  lastUsedAt: v.number(),
});
export type RoomRecord = v.InferOutput<typeof roomRecordSchema>;

export function newRoomRecord(
  code: RoomCode,
  key: string,
  house: boolean,
  now: Milliseconds,
): RoomRecord {
  return {
    code,
    key,
    name: DEFAULT_ROOM_NAME,
    locked: false,
    godView: false,
    network: UNTOUCHED,
    capacity: DEFAULT_CAPACITY,
    ended: false,
    house,
    removed: [],
    known: [],
    createdAt: now,
    lastUsedAt: now,
  };
}
