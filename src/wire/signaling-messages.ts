import * as v from 'valibot';
import { NODE_ID_PATTERN, ROOM_CODE_PATTERN, type NodeId, type RoomCode } from '../vocabulary.ts';
import {
  MAX_CAPACITY,
  MAX_NAME_LENGTH,
  MAX_NONCE_LENGTH,
  MAX_SDP_LENGTH,
  MAX_CANDIDATE_LENGTH,
} from './signaling-limits.ts';
import type { RefusalCode } from './refusals.ts';

/**
 * What tabs and the signaling server say to each other. The server introduces tabs and keeps the
 * room's settings; no protocol message ever passes through it. Both ends check every message. The
 * events that carry these stand in `network/control-plane.ts`.
 */

/** Raised with every change of what tabs and the server say to each other. */
export const SIGNALING_VERSION = 8;

export const nodeIdSchema = v.custom<NodeId>(
  (x) => typeof x === 'string' && NODE_ID_PATTERN.test(x),
  'not a node id',
);
export const roomCodeSchema = v.custom<RoomCode>(
  (x) => typeof x === 'string' && ROOM_CODE_PATTERN.test(x),
  'not a room code',
);
const incarnationSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const secretSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** Plain text of visible characters, trimmed; no control characters and no direction overrides. */
export const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(MAX_NAME_LENGTH),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u),
);

/** A step of one connection attempt between two tabs, as simple-peer makes them, and the knock. */
export const signalSchema = v.variant('type', [
  v.object({ type: v.literal('offer'), sdp: v.pipe(v.string(), v.maxLength(MAX_SDP_LENGTH)) }),
  v.object({ type: v.literal('answer'), sdp: v.pipe(v.string(), v.maxLength(MAX_SDP_LENGTH)) }),
  v.object({
    type: v.literal('candidate'),
    candidate: v.object({
      candidate: v.pipe(v.string(), v.maxLength(MAX_CANDIDATE_LENGTH)),
      sdpMid: v.nullish(v.pipe(v.string(), v.maxLength(16))),
      sdpMLineIndex: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16))),
    }),
  }),
  /** 'Please call me': only one of two tabs calls, so the other knocks. */
  v.object({ type: v.literal('knock') }),
]);
export type Signal = v.InferOutput<typeof signalSchema>;

/** Names one connection attempt. Signals of an older attempt are stale and are dropped. */
export const nonceSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-z]+$/),
  v.maxLength(MAX_NONCE_LENGTH),
);

/** `observer` is the teacher's page, or a student's god view: seen by the management plane only. */
export const roleSchema = v.picklist(['node', 'observer']);
export type Role = v.InferOutput<typeof roleSchema>;

export const enterSchema = v.object({
  room: roomCodeSchema,
  id: nodeIdSchema,
  /** Known only to the tab and the server: nobody else can enter under this id while it is there. */
  secret: secretSchema,
  incarnation: incarnationSchema,
  name: nameSchema,
  role: roleSchema,
  /** The teacher's key; observers need it unless the teacher allows all to look from above. */
  key: v.optional(secretSchema),
  plugged: v.boolean(),
});
export type Enter = v.InferOutput<typeof enterSchema>;

export const relaySchema = v.object({
  to: nodeIdSchema,
  nonce: nonceSchema,
  signal: signalSchema,
  /** May be left out; the server knows who speaks and refuses a message in another's name. */
  from: v.optional(nodeIdSchema),
});
export type Relay = v.InferOutput<typeof relaySchema>;

/** What a tab may say of itself after it has entered. */
export const presentSchema = v.object({
  name: v.optional(nameSchema),
  plugged: v.optional(v.boolean()),
});
export type Present = v.InferOutput<typeof presentSchema>;

/** What the teacher may change of a room. */
export const settingsSchema = v.object({
  name: v.optional(nameSchema),
  locked: v.optional(v.boolean()),
  capacity: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CAPACITY))),
  godView: v.optional(v.boolean()),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

export const removeSchema = v.object({ id: nodeIdSchema });

export const memberSchema = v.object({
  id: nodeIdSchema,
  name: nameSchema,
  role: roleSchema,
  incarnation: incarnationSchema,
  plugged: v.boolean(),
  /** False while its socket is away; it may still be in the mesh. */
  present: v.boolean(),
});
export type Member = v.InferOutput<typeof memberSchema>;

export const roomInfoSchema = v.object({
  code: roomCodeSchema,
  name: nameSchema,
  locked: v.boolean(),
  capacity: v.number(),
  /** Everyone may look from above: observers need no key. */
  godView: v.boolean(),
});
export type RoomInfo = v.InferOutput<typeof roomInfoSchema>;

export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Where a tab learns its own address: the server's own STUN port, and what the site adds. */
export interface IceAdvice {
  /** Null if no UDP port could be bound. */
  readonly stunPort: number | null;
  readonly servers: readonly IceServer[];
}

export interface Refusal {
  readonly code: RefusalCode;
  /** For a person: what happened and what to do. */
  readonly message: string;
}

export type Answer<Value> =
  ({ readonly ok: true } & Value) | { readonly ok: false; readonly refusal: Refusal };
