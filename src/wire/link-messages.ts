import * as v from 'valibot';
import { MAX_BATCH_BYTES } from './event-batch.ts';
import { MAX_CAPACITY, MAX_OBSERVERS } from './signaling-limits.ts';
import {
  memberSchema,
  nodeIdSchema,
  nonceSchema,
  roomCodeSchema,
  signalSchema,
} from './signaling-messages.ts';

/**
 * What two tabs say to each other on the management lane, beneath all protocols: who they are, that
 * they go, introductions when the server cannot make them, and what observers are told.
 */

/** Raised with every change of what tabs say to each other on this lane. */
export const LINK_VERSION = 4;

/** The way a connection found, as its nearer candidate says: same network, through a NAT, through a relay. */
export const pathSchema = v.picklist(['host', 'srflx', 'relay']);
export type Path = v.InferOutput<typeof pathSchema>;

/** The ladder that each link climbs. */
export const RUNGS = ['waiting', 'signaled', 'offered', 'candidates', 'channel', 'joined'] as const;
export const rungSchema = v.picklist(RUNGS);
export type Rung = v.InferOutput<typeof rungSchema>;

export const linkStateSchema = v.picklist(['open', 'connecting', 'cut', 'closed']);
export type LinkState = v.InferOutput<typeof linkStateSchema>;

/** The first message on a link, each way. Only after it are frames let through. */
export const helloSchema = v.object({
  type: v.literal('hello'),
  version: v.literal(LINK_VERSION),
  room: roomCodeSchema,
  member: memberSchema,
});

/** `unwanted`: neither end looks for this link. All others mean the tab itself. */
export const byeReasonSchema = v.picklist(['leaving', 'unplugged', 'superseded', 'unwanted']);
export type ByeReason = v.InferOutput<typeof byeReasonSchema>;
export const byeSchema = v.object({ type: v.literal('bye'), reason: byeReasonSchema });

/** Whether this end looks for the link. While nothing was said it does; when neither does, it closes. */
export const wantSchema = v.object({ type: v.literal('want'), wanted: v.boolean() });

/** 'Pass this on to `to`, which you know.' The relay puts in the sender's true id; one hop only. */
export const introduceSchema = v.object({
  type: v.literal('introduce'),
  to: nodeIdSchema,
  nonce: nonceSchema,
  signal: signalSchema,
});
export const introducedSchema = v.object({
  type: v.literal('introduced'),
  from: nodeIdSchema,
  nonce: nonceSchema,
  signal: signalSchema,
});

/** From the relay: 'I have no link to `to`.' The sender tries another relay. */
export const unreachableSchema = v.object({
  type: v.literal('unreachable'),
  to: nodeIdSchema,
  nonce: nonceSchema,
});

/** A member that the sender knows of: how a roster spreads while the server is dead. */
export const rosterSchema = v.object({
  type: v.literal('roster'),
  members: v.pipe(v.array(memberSchema), v.maxLength(MAX_CAPACITY + MAX_OBSERVERS)),
});

export const nodeStateSchema = v.picklist([
  'joining',
  'joined',
  'unplugged',
  'paused',
  'crashed',
  'isolated',
]);
export type NodeState = v.InferOutput<typeof nodeStateSchema>;

export const verdictSchema = v.picklist(['alive', 'suspect', 'dead']);

const countSchema = v.pipe(v.number(), v.minValue(0));

/** From a node to each observer: what the node knows of its own links. */
export const reportSchema = v.object({
  type: v.literal('report'),
  state: nodeStateSchema,
  /** Of the network that it obeys. */
  network: countSchema,
  links: v.pipe(
    v.array(
      v.object({
        id: nodeIdSchema,
        link: linkStateSchema,
        rung: rungSchema,
        path: v.nullable(pathSchema),
        rttMs: v.nullable(v.pipe(v.number(), v.minValue(0))),
        /** What waits for the line of this way out now. */
        queuedBytes: countSchema,
        /** Frames on the way out, since the page opened: lost in silence, and refused by a full queue. */
        lost: countSchema,
        overflowed: countSchema,
        /** Frames on the way in that this node's own rules forbid. */
        refused: countSchema,
      }),
    ),
    v.maxLength(MAX_CAPACITY),
  ),
  /** Whom it holds for what: neighbours, and nodes that it knows of only by hearsay. */
  beliefs: v.pipe(
    v.array(v.object({ id: nodeIdSchema, verdict: verdictSchema })),
    v.maxLength(MAX_CAPACITY),
  ),
});
export type Report = v.InferOutput<typeof reportSchema>;

/** More than any page reads. */
export const MAX_EVENTS_PER_SECOND = 100_000;

/** From an observer: tell me of your events from now on, this many a second. */
export const watchSchema = v.object({
  type: v.literal('watch'),
  eventsPerSecond: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_EVENTS_PER_SECOND)),
  /** Those after this tick: 0 for one who has none yet. Null: go on, I have what you told me. */
  after: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
});
export type Watch = v.InferOutput<typeof watchSchema>;

/** From a node to an observer that watches it; what is in it is checked by `decodeEventBatch`. */
export const eventsSchema = v.object({
  type: v.literal('events'),
  batch: v.custom<Uint8Array>(
    (x) => x instanceof Uint8Array && x.length <= MAX_BATCH_BYTES,
    `must be up to ${MAX_BATCH_BYTES} bytes`,
  ),
});

export const linkMessageSchema = v.variant('type', [
  helloSchema,
  byeSchema,
  wantSchema,
  introduceSchema,
  introducedSchema,
  unreachableSchema,
  rosterSchema,
  reportSchema,
  watchSchema,
  eventsSchema,
]);
export type LinkMessage = v.InferOutput<typeof linkMessageSchema>;
